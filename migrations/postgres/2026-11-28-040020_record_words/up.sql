-- The words of records: folded, each behind a space. What is older than this table is entered at the next start.
CREATE TABLE record_words (
    record_id BIGINT PRIMARY KEY REFERENCES records ON DELETE CASCADE,
    words TEXT NOT NULL
);
-- They are folded already: no parser and no dictionary of PostgreSQL sees them.
CREATE INDEX record_words_index ON record_words USING gin (array_to_tsvector(string_to_array(ltrim(words), ' ')));
