//! Tables of totals.

diesel::table! {
    lines (id) {
        id -> BigInt,
        unit_id -> BigInt,
        above_id -> BigInt,
        depth -> Integer,
    }
}

diesel::table! {
    totals (line_id, measure, slot) {
        line_id -> BigInt,
        measure -> Text,
        slot -> Text,
        is_lone -> Bool,
        rest -> Text,
        own -> Text,
        below -> Text,
        total -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(lines, totals);
