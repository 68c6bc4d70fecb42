-- What was done, as transactions record it, until the sealer gives it its place.
CREATE TABLE unsealed_audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    occurred_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    client TEXT,
    address TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    object_id INTEGER,
    about TEXT,
    -- A JSON array of ids: the units concerned, and all that stood above them on that day.
    units TEXT NOT NULL,
    content_before TEXT,
    content_after TEXT
) STRICT;

-- The audit log: one order without gaps, each entry chained to the one before it.
CREATE TABLE audit_entries (
    position INTEGER PRIMARY KEY,
    occurred_at TEXT NOT NULL,
    actor TEXT NOT NULL,
    client TEXT,
    address TEXT,
    request_id TEXT,
    action TEXT NOT NULL,
    object_id INTEGER,
    about TEXT,
    units TEXT NOT NULL,
    content_before TEXT,
    content_after TEXT,
    hash BLOB NOT NULL
) STRICT;
-- Positions follow time but for moments: a stretch of time is a stretch of positions, found by this.
CREATE INDEX audit_entries_by_time ON audit_entries (occurred_at, position);
CREATE INDEX audit_entries_by_actor ON audit_entries (actor, position);
CREATE INDEX audit_entries_by_about ON audit_entries (about, position) WHERE about IS NOT NULL;
CREATE INDEX audit_entries_by_action ON audit_entries (action, position);
CREATE INDEX audit_entries_by_object ON audit_entries (object_id, position) WHERE object_id IS NOT NULL;

CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
CREATE TRIGGER audit_entries_are_never_deleted BEFORE DELETE ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit entries are never deleted'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

-- The audit log by unit: every entry under each unit that it concerns, and under each above.
CREATE TABLE audit_units (
    unit_id INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (unit_id, position)
) STRICT, WITHOUT ROWID;

ALTER TABLE sealer ADD COLUMN audit_position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sealer ADD COLUMN audit_hash BLOB NOT NULL DEFAULT x'0000000000000000000000000000000000000000000000000000000000000000';

-- Whose paper it is: who writes for that unit may edit it. NULL: the whole federation's.
ALTER TABLE documents ADD COLUMN unit_id INTEGER;

CREATE TABLE accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    -- What a person signs in with, in small letters.
    name TEXT NOT NULL UNIQUE,
    display_name TEXT,
    -- The unit that keeps the account. NULL: the whole federation.
    unit_id INTEGER,
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'locked', 'disabled')),
    password_hash TEXT,
    -- Sealed; without `second_factor_on` it is offered but not yet confirmed.
    second_factor BLOB,
    second_factor_on INTEGER NOT NULL CHECK (second_factor_on IN (0, 1)),
    -- The last step of time whose code was accepted: none is accepted twice.
    second_factor_step INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX accounts_by_unit ON accounts (unit_id);

CREATE TABLE recovery_codes (
    account_id INTEGER NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (account_id, hash)
) STRICT, WITHOUT ROWID;

-- Invitations and resets: each link opens once.
CREATE TABLE account_links (
    hash BLOB NOT NULL PRIMARY KEY,
    account_id INTEGER NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX account_links_by_account ON account_links (account_id);

CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    account_id INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    used_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    ended_at TEXT,
    client TEXT,
    address TEXT,
    has_second_factor INTEGER NOT NULL CHECK (has_second_factor IN (0, 1))
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id, id);

CREATE TABLE refresh_tokens (
    hash BLOB NOT NULL PRIMARY KEY,
    session_id INTEGER NOT NULL,
    -- Who was given it; a token used a second time by the same client within seconds is a lost answer.
    client TEXT,
    made_at TEXT NOT NULL,
    used_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Failed sign-ins by account and by address, and until when the next is refused unheard.
CREATE TABLE sign_in_failures (
    subject TEXT NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    blocked_until TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_in_failures_by_age ON sign_in_failures (first_at);

-- Roles beside those that are built in.
CREATE TABLE roles (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    code TEXT NOT NULL UNIQUE,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- A JSON array.
    permissions TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;

CREATE TABLE grants (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    account_id INTEGER NOT NULL,
    role TEXT NOT NULL,
    -- NULL: the whole federation.
    unit_id INTEGER,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL CHECK (valid_from < valid_to),
    granted_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX grants_by_account ON grants (account_id, id);
CREATE INDEX grants_by_unit ON grants (unit_id, id);
CREATE INDEX grants_by_role ON grants (role, id);

CREATE TABLE service_accounts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    -- NULL: the whole federation.
    unit_id INTEGER,
    -- A JSON array of permissions: what RFC 6749 calls scopes.
    scopes TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    -- A JSON array of addresses and networks; empty: from anywhere.
    addresses TEXT NOT NULL,
    is_disabled INTEGER NOT NULL CHECK (is_disabled IN (0, 1)),
    -- When it last got a token, give or take a minute.
    used_at TEXT,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX service_accounts_by_unit ON service_accounts (unit_id);

CREATE TABLE service_secrets (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    service_account_id INTEGER NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    used_at TEXT
) STRICT;
CREATE INDEX service_secrets_by_account ON service_secrets (service_account_id);

-- Access tokens that were taken back before their end.
CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    principal TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX revoked_tokens_by_principal ON revoked_tokens (principal);

-- Keys that sign access tokens: known to all before they sign, and still known when they no longer do.
CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    -- Sealed.
    private_key BLOB NOT NULL,
    signs_from TEXT NOT NULL,
    known_until TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
