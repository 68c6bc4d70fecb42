//! Tables of what units did, and of the catalogues by which it is told.

diesel::table! {
    catalogue_entries (id) {
        id -> BigInt,
        version -> Integer,
        catalogue -> Text,
        code -> Text,
        rank -> Integer,
        name_vi -> Text,
        name_en -> Text,
        valid_from -> Date,
        valid_to -> Date,
        document -> Nullable<Text>,
        own -> Text,
        class -> Text,
        level -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
