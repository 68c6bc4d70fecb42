-- The file of a document: its scan. What it holds lies in the store of files, under its hash.
CREATE TABLE document_files (
    document_id INTEGER PRIMARY KEY REFERENCES documents,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    -- SHA-256, in lower-case hexadecimal digits.
    hash TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
