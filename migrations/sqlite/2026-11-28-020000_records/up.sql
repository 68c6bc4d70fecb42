-- What units did: activities first, other kinds of record by the same machinery.
CREATE TABLE records (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES units,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'approved', 'withdrawn')),
    -- Of its content: 1, and one more with each correction.
    number INTEGER NOT NULL CHECK (number >= 1),
    -- The content that counts; 0 before the first approval.
    approved_number INTEGER NOT NULL CHECK (approved_number BETWEEN 0 AND number),
    -- First and last day of its period; and of these days the last on which its unit lived.
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL CHECK (starts_on <= ends_on),
    record_day TEXT NOT NULL,
    title TEXT NOT NULL,
    -- What the kind of record is further divided into, such as the kind of an activity.
    category TEXT NOT NULL,
    status TEXT NOT NULL,
    content TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    submitted_by TEXT,
    submitted_at TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    CHECK ((state = 'submitted') = (submitted_at IS NOT NULL)),
    CHECK (state NOT IN ('approved', 'withdrawn') OR approved_number = number)
) STRICT;
CREATE INDEX records_by_day ON records (kind, record_day DESC, id DESC);
CREATE INDEX records_of_unit ON records (unit_id, record_day);
-- What waits for an approval, oldest first: few of all.
CREATE INDEX records_waiting ON records (kind, submitted_at, id) WHERE state = 'submitted';
-- What does not count, or counts no more, newest first: few of all as well.
CREATE INDEX records_unapproved ON records (kind, state, record_day DESC, id DESC) WHERE state <> 'approved';

-- Under which units a record is found: as its unit stood on the record's day (then), as it stands today (now).
CREATE TABLE record_places (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    ancestor_id INTEGER NOT NULL REFERENCES units,
    kind TEXT NOT NULL,
    record_day TEXT NOT NULL,
    is_then INTEGER NOT NULL CHECK (is_then IN (0, 1)),
    -- Steps from the superior that is asked first for its approval, which is 1; NULL where it is not under it now.
    height INTEGER,
    PRIMARY KEY (record_id, ancestor_id),
    CHECK (is_then = 1 OR height IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_places_then ON record_places (ancestor_id, kind, record_day DESC, record_id DESC) WHERE is_then;
CREATE INDEX record_places_now ON record_places (ancestor_id, kind, record_day DESC, record_id DESC) WHERE height IS NOT NULL;

-- Contents that were approved, one row each. They never change.
CREATE TABLE record_versions (
    record_id INTEGER NOT NULL REFERENCES records,
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    recorded_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    approved_at TEXT NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER record_versions_are_never_changed BEFORE UPDATE ON record_versions
BEGIN SELECT RAISE(ABORT, 'approved versions are never changed'); END;
CREATE TRIGGER record_versions_are_never_deleted BEFORE DELETE ON record_versions
BEGIN SELECT RAISE(ABORT, 'approved versions are never deleted'); END;

-- Every step from state to state.
CREATE TABLE record_steps (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    number INTEGER NOT NULL,
    action TEXT NOT NULL,
    state TEXT NOT NULL,
    done_by TEXT NOT NULL,
    done_at TEXT NOT NULL,
    reason TEXT,
    -- Places in the content that are to be mended, a JSON array of pointers.
    places TEXT
) STRICT;
CREATE INDEX record_steps_of_record ON record_steps (record_id, id);

-- Accounts that wrote or submitted the content which is not approved yet: they don't approve it.
CREATE TABLE record_hands (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    account_id INTEGER NOT NULL,
    PRIMARY KEY (record_id, account_id)
) STRICT, WITHOUT ROWID;

-- Documents that a record names, or that an approved version of it named: they stay.
CREATE TABLE record_documents (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    document_id INTEGER NOT NULL REFERENCES documents,
    PRIMARY KEY (record_id, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_documents_by_document ON record_documents (document_id);

-- The day of which the places of records are: planned decisions take effect on their days without a write.
ALTER TABLE tree ADD COLUMN placed_on TEXT NOT NULL DEFAULT '0001-01-01';

-- Who hears of it: a JSON array of units, those that it concerns and all above. NULL: everybody.
ALTER TABLE unsealed_events ADD COLUMN units TEXT;
ALTER TABLE events ADD COLUMN units TEXT;
