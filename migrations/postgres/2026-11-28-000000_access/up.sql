-- What was done, as transactions record it, until the sealer gives it its place.
CREATE TABLE unsealed_audit (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    occurred_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    client TEXT,
    address TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    object_id BIGINT,
    about TEXT,
    -- A JSON array of ids: the units concerned, and all that stood above them on that day.
    units TEXT NOT NULL,
    content_before TEXT,
    content_after TEXT
);

-- The audit log: one order without gaps, each entry chained to the one before it.
CREATE TABLE audit_entries (
    position BIGINT PRIMARY KEY,
    occurred_at TIMESTAMP NOT NULL,
    actor TEXT NOT NULL,
    client TEXT,
    address TEXT,
    request_id TEXT,
    -- In the order of bytes: all of a kind are a stretch of it.
    action TEXT COLLATE "C" NOT NULL,
    object_id BIGINT,
    about TEXT,
    units TEXT NOT NULL,
    content_before TEXT,
    content_after TEXT,
    hash BYTEA NOT NULL
);
-- Positions follow time but for moments: a stretch of time is a stretch of positions, found by this.
CREATE INDEX audit_entries_by_time ON audit_entries (occurred_at, position);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, position);
CREATE INDEX audit_entries_by_about ON audit_entries (about, position) WHERE about IS NOT NULL;
CREATE INDEX audit_entries_by_action ON audit_entries (action, position);
CREATE INDEX audit_entries_by_object ON audit_entries (object_id, position) WHERE object_id IS NOT NULL;

CREATE FUNCTION logs_are_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'what is in a log is never changed'; END
$$;
CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION logs_are_never_changed();
CREATE TRIGGER audit_entries_are_never_emptied BEFORE TRUNCATE ON audit_entries
FOR EACH STATEMENT EXECUTE FUNCTION logs_are_never_changed();
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
FOR EACH ROW EXECUTE FUNCTION logs_are_never_changed();
CREATE TRIGGER events_are_never_emptied BEFORE TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION logs_are_never_changed();
-- The program's own role too, which owns the table where there is one role only.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_entries FROM CURRENT_USER;

-- The audit log by unit: every entry under each unit that it concerns, and under each above.
CREATE TABLE audit_units (
    unit_id BIGINT NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (unit_id, position)
);

ALTER TABLE sealer ADD COLUMN audit_position BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sealer ADD COLUMN audit_hash BYTEA NOT NULL DEFAULT decode(repeat('00', 32), 'hex');

-- Whose paper it is: who writes for that unit may edit it. NULL: the whole federation's.
ALTER TABLE documents ADD COLUMN unit_id BIGINT;

CREATE TABLE accounts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    -- What a person signs in with, in small letters.
    name TEXT COLLATE "C" NOT NULL UNIQUE,
    display_name TEXT,
    -- The unit that keeps the account. NULL: the whole federation.
    unit_id BIGINT,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'locked', 'disabled')),
    password_hash TEXT,
    -- Sealed; without `second_factor_on` it is offered but not yet confirmed.
    second_factor BYTEA,
    second_factor_on BOOLEAN NOT NULL,
    -- The last step of time whose code was accepted: none is accepted twice.
    second_factor_step BIGINT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX accounts_by_unit ON accounts (unit_id);

CREATE TABLE recovery_codes (
    account_id BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    PRIMARY KEY (account_id, hash)
);

-- Invitations and resets: each link opens once.
CREATE TABLE account_links (
    hash BYTEA NOT NULL PRIMARY KEY,
    account_id BIGINT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX account_links_by_account ON account_links (account_id);

CREATE TABLE sessions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id BIGINT NOT NULL,
    started_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL,
    ended_at TIMESTAMP,
    client TEXT,
    address TEXT,
    has_second_factor BOOLEAN NOT NULL
);
CREATE INDEX sessions_by_account ON sessions (account_id, id);

CREATE TABLE refresh_tokens (
    hash BYTEA NOT NULL PRIMARY KEY,
    session_id BIGINT NOT NULL,
    -- Who was given it; a token used a second time by the same client within seconds is a lost answer.
    client TEXT,
    made_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Failed sign-ins by account and by address, and until when the next is refused unheard.
CREATE TABLE sign_in_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_at TIMESTAMP NOT NULL,
    blocked_until TIMESTAMP NOT NULL
);
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (first_at);

-- Roles beside those that are built in.
CREATE TABLE roles (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- A JSON array.
    permissions TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);

CREATE TABLE grants (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    account_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    -- NULL: the whole federation.
    unit_id BIGINT,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (valid_from < valid_to),
    granted_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX grants_by_account ON grants (account_id, id);
CREATE INDEX grants_by_unit ON grants (unit_id, id);
CREATE INDEX grants_by_role ON grants (role, id);

CREATE TABLE service_accounts (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- NULL: the whole federation.
    unit_id BIGINT,
    -- A JSON array of permissions: what RFC 6749 calls scopes.
    scopes TEXT NOT NULL,
    valid_to DATE NOT NULL,
    -- A JSON array of addresses and networks; empty: from anywhere.
    addresses TEXT NOT NULL,
    is_disabled BOOLEAN NOT NULL,
    -- When it last got a token, give or take a minute.
    used_at TIMESTAMP,
    created_by TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX service_accounts_by_unit ON service_accounts (unit_id);

CREATE TABLE service_secrets (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    service_account_id BIGINT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    created_at TIMESTAMP NOT NULL,
    used_at TIMESTAMP
);
CREATE INDEX service_secrets_by_account ON service_secrets (service_account_id);

-- Access tokens that were taken back before their end.
CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX revoked_tokens_by_principal ON revoked_tokens (principal);

-- Keys that sign access tokens: known to all before they sign, and still known when they no longer do.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    -- Sealed.
    private_key BYTEA NOT NULL,
    signs_from TIMESTAMP NOT NULL,
    known_until TIMESTAMP NOT NULL,
    created_at TIMESTAMP NOT NULL
);
