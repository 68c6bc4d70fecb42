//! Tables that name files by what they hold.

diesel::table! {
    document_files (document_id) {
        document_id -> BigInt,
        name -> Text,
        media_type -> Text,
        size -> BigInt,
        hash -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    record_files (record_id, hash) {
        record_id -> BigInt,
        hash -> Text,
    }
}

diesel::table! {
    loose_files (hash) {
        hash -> Text,
        since -> Timestamp,
        doomed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sent_bytes (principal, day) {
        principal -> Text,
        day -> Date,
        bytes -> BigInt,
    }
}
