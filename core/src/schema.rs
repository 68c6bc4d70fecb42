//! The tables, in types that both engines share. `migrations/` makes them.

diesel::table! {
    secrets (name) {
        name -> Text,
        value -> Binary,
    }
}

diesel::table! {
    unsealed_events (id) {
        id -> BigInt,
        event_type -> Text,
        subject_id -> BigInt,
        subject_version -> Integer,
        occurred_at -> Timestamp,
        data -> Text,
    }
}

diesel::table! {
    events (position) {
        position -> BigInt,
        event_type -> Text,
        subject_id -> BigInt,
        subject_version -> Integer,
        occurred_at -> Timestamp,
        data -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    topics (topic) {
        topic -> Text,
        events -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    sealer (id) {
        id -> Integer,
        holder -> Text,
        held_until -> Timestamp,
        position -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    idempotency_keys (principal, operation, idempotency_key) {
        principal -> Text,
        operation -> Text,
        idempotency_key -> Text,
        request_hash -> Binary,
        answer -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    unit_kinds (id) {
        id -> BigInt,
        version -> Integer,
        kind -> Text,
        level -> Nullable<Integer>,
        rank -> Integer,
        may_be_root -> Bool,
        name_vi -> Text,
        name_en -> Text,
        child_kinds -> Text,
        valid_from -> Date,
        valid_to -> Date,
        document -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}
