-- Filters of lists that somebody keeps under a name.
CREATE TABLE saved_filters (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts,
    name TEXT NOT NULL,
    list TEXT NOT NULL,
    -- Query parameters, a JSON object of texts.
    parameters TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, list, name)
);
