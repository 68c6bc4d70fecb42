-- Random keys made at first start, shared by all processes of one database.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

-- Changes as transactions record them, until the sealer gives them their place.
CREATE TABLE unsealed_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_type TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    subject_version INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    data TEXT NOT NULL
) STRICT;

-- The event log: one order without gaps, each entry chained to the one before it.
CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    subject_version INTEGER NOT NULL,
    occurred_at TEXT NOT NULL,
    data TEXT NOT NULL,
    hash BLOB NOT NULL
) STRICT;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;

-- What the sealer folds events into: how many there are on each subject, and where the last one stands.
CREATE TABLE topics (
    topic TEXT NOT NULL PRIMARY KEY,
    events INTEGER NOT NULL,
    position INTEGER NOT NULL
) STRICT;

-- One row: who seals, until when, and the end of the chain.
CREATE TABLE sealer (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,
    held_until TEXT NOT NULL,
    position INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO sealer (id, holder, held_until, position, hash)
VALUES (1, '', '0001-01-01 00:00:00', 0, zeroblob(32));

-- First answers, given again when the same request comes back.
CREATE TABLE idempotency_keys (
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    answer TEXT NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (principal, operation, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE unit_kinds (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    level INTEGER CHECK (level BETWEEN 1 AND 4),
    rank INTEGER NOT NULL,
    may_be_root INTEGER NOT NULL CHECK (may_be_root IN (0, 1)),
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    child_kinds TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL CHECK (valid_from < valid_to),
    document TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (kind, valid_from)
) STRICT;
CREATE UNIQUE INDEX unit_kinds_in_order ON unit_kinds (rank, id);
