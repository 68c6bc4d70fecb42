-- Who is named by a content of a record, apart from it: so that no version, event or log entry holds a name.
CREATE TABLE record_people (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    -- Of the content that names them.
    number INTEGER NOT NULL,
    -- JSON.
    person TEXT NOT NULL,
    PRIMARY KEY (record_id, number)
) STRICT, WITHOUT ROWID;
