-- Random keys made at first start, shared by all processes of one database.
CREATE TABLE secrets (
    name TEXT NOT NULL PRIMARY KEY,
    value BYTEA NOT NULL
);

-- Changes as transactions record them, until the sealer gives them their place.
CREATE TABLE unsealed_events (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_type TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    subject_version INTEGER NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    data TEXT NOT NULL
);

-- The event log: one order without gaps, each entry chained to the one before it.
CREATE TABLE events (
    position BIGINT PRIMARY KEY,
    event_type TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    subject_version INTEGER NOT NULL,
    occurred_at TIMESTAMP NOT NULL,
    data TEXT NOT NULL,
    hash BYTEA NOT NULL
);

CREATE FUNCTION events_are_never_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'events are never changed'; END
$$;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
FOR EACH ROW EXECUTE FUNCTION events_are_never_changed();

-- What the sealer folds events into: how many there are on each subject, and where the last one stands.
CREATE TABLE topics (
    topic TEXT NOT NULL PRIMARY KEY,
    events BIGINT NOT NULL,
    position BIGINT NOT NULL
);

-- One row: who seals, until when, and the end of the chain.
CREATE TABLE sealer (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    holder TEXT NOT NULL,
    held_until TIMESTAMP NOT NULL,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL
);
INSERT INTO sealer (id, holder, held_until, position, hash)
VALUES (1, '', '0001-01-01 00:00:00', 0, decode(repeat('00', 32), 'hex'));

-- First answers, given again when the same request comes back.
CREATE TABLE idempotency_keys (
    principal TEXT NOT NULL,
    operation TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request_hash BYTEA NOT NULL,
    answer TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (principal, operation, idempotency_key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE unit_kinds (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    level INTEGER CHECK (level BETWEEN 1 AND 4),
    rank INTEGER NOT NULL,
    may_be_root BOOLEAN NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    child_kinds TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (valid_from < valid_to),
    document TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (kind, valid_from)
);
CREATE UNIQUE INDEX unit_kinds_in_order ON unit_kinds (rank, id);
