-- Periods that a unit has closed for what stands under it.
CREATE TABLE period_locks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES units,
    -- As it was written, and its first and last day.
    period TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL CHECK (starts_on <= ends_on),
    -- The first day on which it no longer holds.
    valid_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    locked_by TEXT NOT NULL,
    reopened_by TEXT,
    reopened_at TEXT,
    reopened_because TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX period_locks_of_unit ON period_locks (unit_id, id);
-- Which locks keep what a unit did on a day.
CREATE INDEX period_locks_closed ON period_locks (unit_id, ends_on, starts_on) WHERE reopened_at IS NULL;

-- Units that a lock lets in for a time, with all that stands under them.
CREATE TABLE period_lock_exceptions (
    lock_id INTEGER NOT NULL REFERENCES period_locks ON DELETE CASCADE,
    unit_id INTEGER NOT NULL REFERENCES units,
    -- The first day on which it no longer holds.
    valid_to TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (lock_id, unit_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX period_lock_exceptions_of_unit ON period_lock_exceptions (unit_id);
