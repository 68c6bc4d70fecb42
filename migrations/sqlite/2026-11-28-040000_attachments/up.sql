-- What stands beside a content and is approved with it: a JSON object with its attachments.
ALTER TABLE records ADD COLUMN beside TEXT NOT NULL DEFAULT '{}';
ALTER TABLE record_versions ADD COLUMN beside TEXT NOT NULL DEFAULT '{}';

-- Files that a record names, or that an approved version of it named: they stay.
CREATE TABLE record_files (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    hash TEXT NOT NULL,
    PRIMARY KEY (record_id, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_files_by_hash ON record_files (hash);
CREATE INDEX document_files_by_hash ON document_files (hash);

-- Files that perhaps no row names, since when, and when their removal began.
CREATE TABLE loose_files (
    hash TEXT PRIMARY KEY,
    since TEXT NOT NULL,
    doomed_at TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX loose_files_since ON loose_files (since);
