-- The file of a document: its scan. What it holds lies in the store of files, under its hash.
CREATE TABLE document_files (
    document_id BIGINT PRIMARY KEY REFERENCES documents,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    -- SHA-256, in lower-case hexadecimal digits.
    hash TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
