//! Tables of what records tell in figures.

diesel::table! {
    figures (id) {
        id -> BigInt,
        record_id -> BigInt,
        place -> Integer,
        unit_id -> BigInt,
        measure -> Text,
        coverage -> Text,
        is_statement -> Bool,
        period -> Text,
        starts_on -> Date,
        ends_on -> Date,
        day -> Date,
        quantity -> Text,
        text -> Nullable<Text>,
        basis -> Text,
        told_once -> Nullable<Text>,
    }
}

diesel::table! {
    figure_twins (record_id, twin_id) {
        record_id -> BigInt,
        twin_id -> BigInt,
    }
}

diesel::table! {
    figure_changes (id) {
        id -> BigInt,
        unit_id -> BigInt,
        measure -> Text,
        period -> Text,
    }
}
