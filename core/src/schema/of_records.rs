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

diesel::table! {
    records (id) {
        id -> BigInt,
        version -> Integer,
        kind -> Text,
        unit_id -> BigInt,
        state -> Text,
        number -> Integer,
        approved_number -> Integer,
        starts_on -> Date,
        ends_on -> Date,
        record_day -> Date,
        title -> Text,
        category -> Text,
        status -> Text,
        content -> Text,
        beside -> Text,
        recorded_by -> Text,
        submitted_by -> Nullable<Text>,
        submitted_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        due_on -> Nullable<Date>,
        likeness -> Nullable<Text>,
    }
}

diesel::table! {
    record_places (record_id, ancestor_id) {
        record_id -> BigInt,
        ancestor_id -> BigInt,
        kind -> Text,
        record_day -> Date,
        is_then -> Bool,
        height -> Nullable<Integer>,
    }
}

diesel::table! {
    record_versions (record_id, number) {
        record_id -> BigInt,
        number -> Integer,
        content -> Text,
        beside -> Text,
        recorded_by -> Text,
        approved_by -> Text,
        approved_at -> Timestamp,
    }
}

diesel::table! {
    record_steps (id) {
        id -> BigInt,
        record_id -> BigInt,
        number -> Integer,
        action -> Text,
        state -> Text,
        done_by -> Text,
        done_at -> Timestamp,
        reason -> Nullable<Text>,
        places -> Nullable<Text>,
    }
}

diesel::table! {
    record_documents (record_id, document_id) {
        record_id -> BigInt,
        document_id -> BigInt,
    }
}

diesel::table! {
    record_hands (record_id, account_id) {
        record_id -> BigInt,
        account_id -> BigInt,
    }
}

diesel::table! {
    record_mentions (record_id, subject, subject_id) {
        record_id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
    }
}

diesel::table! {
    record_people (record_id, number) {
        record_id -> BigInt,
        number -> Integer,
        person -> Text,
    }
}

diesel::table! {
    partners (id) {
        id -> BigInt,
        version -> Integer,
        name -> Text,
        aliases -> Text,
        kind -> Text,
        tax_code -> Nullable<Text>,
        unit_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    partner_names (name_key, partner_id) {
        partner_id -> BigInt,
        name_key -> Text,
    }
}

diesel::table! {
    partner_words (word, partner_id) {
        partner_id -> BigInt,
        word -> Text,
    }
}

diesel::table! {
    period_locks (id) {
        id -> BigInt,
        version -> Integer,
        unit_id -> BigInt,
        period -> Text,
        starts_on -> Date,
        ends_on -> Date,
        valid_to -> Date,
        reason -> Text,
        locked_by -> Text,
        reopened_by -> Nullable<Text>,
        reopened_at -> Nullable<Timestamp>,
        reopened_because -> Nullable<Text>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    period_lock_exceptions (lock_id, unit_id) {
        lock_id -> BigInt,
        unit_id -> BigInt,
        valid_to -> Date,
        reason -> Text,
    }
}

diesel::table! {
    record_words (record_id) {
        record_id -> BigInt,
        words -> Text,
    }
}

diesel::table! {
    record_links (from_id, to_id, kind) {
        from_id -> BigInt,
        to_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    saved_filters (id) {
        id -> BigInt,
        version -> Integer,
        account_id -> BigInt,
        name -> Text,
        list -> Text,
        parameters -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::allow_tables_to_appear_in_same_query!(records, record_versions);
