-- Periods that a unit has closed for what stands under it.
CREATE TABLE period_locks (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units,
    -- As it was written, and its first and last day.
    period TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL CHECK (starts_on <= ends_on),
    -- The first day on which it no longer holds.
    valid_to DATE NOT NULL,
    reason TEXT NOT NULL,
    locked_by TEXT NOT NULL,
    reopened_by TEXT,
    reopened_at TIMESTAMP,
    reopened_because TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX period_locks_of_unit ON period_locks (unit_id, id);
-- Which locks keep what a unit did on a day.
CREATE INDEX period_locks_closed ON period_locks (unit_id, ends_on, starts_on) WHERE reopened_at IS NULL;

-- Units that a lock lets in for a time, with all that stands under them.
CREATE TABLE period_lock_exceptions (
    lock_id BIGINT NOT NULL REFERENCES period_locks ON DELETE CASCADE,
    unit_id BIGINT NOT NULL REFERENCES units,
    -- The first day on which it no longer holds.
    valid_to DATE NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (lock_id, unit_id)
);
CREATE INDEX period_lock_exceptions_of_unit ON period_lock_exceptions (unit_id);
