-- Filters of lists that somebody keeps under a name.
CREATE TABLE saved_filters (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    account_id INTEGER NOT NULL REFERENCES accounts,
    name TEXT NOT NULL,
    list TEXT NOT NULL,
    -- Query parameters, a JSON object of texts.
    parameters TEXT NOT NULL,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (account_id, list, name)
) STRICT;
