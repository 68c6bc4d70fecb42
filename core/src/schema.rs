//! The tables, in types that both engines share. `migrations/` makes them.

mod of_figures;
mod of_files;
mod of_numbers;
mod of_records;

pub use of_figures::*;
pub use of_files::*;
pub use of_numbers::*;
pub use of_records::*;

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
        units -> Nullable<Text>,
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
        units -> Nullable<Text>,
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
        audit_position -> BigInt,
        audit_hash -> Binary,
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

diesel::table! {
    tree (id) {
        id -> Integer,
        revision -> BigInt,
        names_revision -> BigInt,
        placed_on -> Date,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        version -> Integer,
        number -> Nullable<Text>,
        issued_on -> Nullable<Date>,
        issuer -> Nullable<Text>,
        title -> Nullable<Text>,
        unit_id -> Nullable<BigInt>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    reorganisations (id) {
        id -> BigInt,
        version -> Integer,
        document_id -> BigInt,
        effective_on -> Date,
        day_seq -> Integer,
        effective_precision -> Text,
        note -> Nullable<Text>,
        lines -> Text,
        lines_total -> Integer,
        annulled_because -> Nullable<Text>,
        is_announced -> Bool,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    reorganisation_versions (reorganisation_id, version) {
        reorganisation_id -> BigInt,
        version -> Integer,
        content -> Text,
        recorded_at -> Timestamp,
    }
}

diesel::table! {
    units (id) {
        id -> BigInt,
        code -> Text,
        placeholder -> Bool,
        version -> Integer,
        names_revision -> BigInt,
        lives -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    unit_states (id) {
        id -> BigInt,
        unit_id -> BigInt,
        effective_on -> Date,
        day_seq -> Integer,
        valid_to -> Date,
        reorganisation_id -> BigInt,
        lines -> Text,
        alive -> Bool,
        parent_id -> Nullable<BigInt>,
        code -> Text,
        name -> Text,
        short_name -> Nullable<Text>,
        kind -> Text,
        employer_type -> Nullable<Text>,
        rank -> Integer,
        name_key -> Text,
    }
}

diesel::table! {
    unit_links (id) {
        id -> BigInt,
        unit_id -> BigInt,
        effective_on -> Date,
        day_seq -> Integer,
        other_id -> BigInt,
        kind -> Text,
    }
}

diesel::table! {
    reorganisation_reads (unit_id, reorganisation_id) {
        unit_id -> BigInt,
        reorganisation_id -> BigInt,
    }
}

diesel::table! {
    unit_particulars (unit_id, field, effective_on) {
        unit_id -> BigInt,
        field -> Text,
        effective_on -> Date,
        valid_to -> Date,
        value -> Nullable<Text>,
    }
}

diesel::table! {
    external_ids (system, value) {
        system -> Text,
        value -> Text,
        unit_id -> BigInt,
    }
}

diesel::table! {
    clusters (id) {
        id -> BigInt,
        version -> Integer,
        code -> Text,
        name -> Text,
        kind -> Text,
        owner_id -> BigInt,
        valid_from -> Date,
        valid_to -> Date,
        declared_count -> Nullable<Integer>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    cluster_members (id) {
        id -> BigInt,
        cluster_id -> BigInt,
        unit_id -> BigInt,
        valid_from -> Date,
        valid_to -> Date,
        is_head -> Bool,
    }
}

diesel::table! {
    unsealed_audit (id) {
        id -> BigInt,
        occurred_at -> Timestamp,
        actor -> Text,
        client -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        action -> Text,
        object_id -> Nullable<BigInt>,
        about -> Nullable<Text>,
        units -> Text,
        content_before -> Nullable<Text>,
        content_after -> Nullable<Text>,
    }
}

diesel::table! {
    audit_entries (position) {
        position -> BigInt,
        occurred_at -> Timestamp,
        actor -> Text,
        client -> Nullable<Text>,
        address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        action -> Text,
        object_id -> Nullable<BigInt>,
        about -> Nullable<Text>,
        units -> Text,
        content_before -> Nullable<Text>,
        content_after -> Nullable<Text>,
        hash -> Binary,
    }
}

diesel::table! {
    audit_units (unit_id, position) {
        unit_id -> BigInt,
        position -> BigInt,
    }
}

diesel::table! {
    accounts (id) {
        id -> BigInt,
        version -> Integer,
        name -> Text,
        display_name -> Nullable<Text>,
        unit_id -> Nullable<BigInt>,
        state -> Text,
        password_hash -> Nullable<Text>,
        second_factor -> Nullable<Binary>,
        second_factor_on -> Bool,
        second_factor_step -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    recovery_codes (account_id, hash) {
        account_id -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    account_links (hash) {
        hash -> Binary,
        account_id -> BigInt,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        started_at -> Timestamp,
        used_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
        client -> Nullable<Text>,
        address -> Nullable<Text>,
        has_second_factor -> Bool,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> BigInt,
        client -> Nullable<Text>,
        made_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    sign_in_failures (subject) {
        subject -> Text,
        failures -> Integer,
        first_at -> Timestamp,
        blocked_until -> Timestamp,
    }
}

diesel::table! {
    roles (id) {
        id -> BigInt,
        version -> Integer,
        code -> Text,
        name_vi -> Text,
        name_en -> Text,
        permissions -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    grants (id) {
        id -> BigInt,
        version -> Integer,
        account_id -> BigInt,
        role -> Text,
        unit_id -> Nullable<BigInt>,
        valid_from -> Date,
        valid_to -> Date,
        granted_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    service_accounts (id) {
        id -> BigInt,
        version -> Integer,
        client_id -> Text,
        name -> Text,
        unit_id -> Nullable<BigInt>,
        scopes -> Text,
        valid_to -> Date,
        addresses -> Text,
        is_disabled -> Bool,
        used_at -> Nullable<Timestamp>,
        created_by -> Text,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    service_secrets (id) {
        id -> BigInt,
        service_account_id -> BigInt,
        hash -> Binary,
        created_at -> Timestamp,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    revoked_tokens (jti) {
        jti -> Text,
        principal -> Text,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_key -> Binary,
        signs_from -> Timestamp,
        known_until -> Timestamp,
        created_at -> Timestamp,
    }
}

diesel::joinable!(period_locks -> units (unit_id));
diesel::joinable!(period_lock_exceptions -> units (unit_id));
diesel::allow_tables_to_appear_in_same_query!(period_locks, units);
diesel::allow_tables_to_appear_in_same_query!(period_lock_exceptions, units);
diesel::joinable!(document_files -> documents (document_id));
diesel::allow_tables_to_appear_in_same_query!(documents, document_files, units);
diesel::allow_tables_to_appear_in_same_query!(
    unit_states,
    units,
    unit_particulars,
    external_ids,
    unit_kinds
);
diesel::allow_tables_to_appear_in_same_query!(clusters, cluster_members, units);
diesel::allow_tables_to_appear_in_same_query!(cluster_members, unit_states);
diesel::allow_tables_to_appear_in_same_query!(reorganisations, documents, reorganisation_reads);
diesel::allow_tables_to_appear_in_same_query!(
    accounts,
    grants,
    sessions,
    refresh_tokens,
    account_links,
    service_accounts,
    service_secrets,
    units
);
diesel::allow_tables_to_appear_in_same_query!(audit_entries, audit_units);
