-- The words of records: folded, each behind a space. What is older than this table is entered at the next start.
CREATE TABLE record_words (
    record_id INTEGER PRIMARY KEY REFERENCES records ON DELETE CASCADE,
    words TEXT NOT NULL
) STRICT;
-- They are folded already: `ascii` parts them at their spaces and leaves all other signs alone.
CREATE VIRTUAL TABLE record_words_index USING fts5 (
    words, content = 'record_words', content_rowid = 'record_id', tokenize = 'ascii', detail = 'none', columnsize = 0,
    prefix = '1 2 3'
);
CREATE TRIGGER record_words_come AFTER INSERT ON record_words BEGIN
    INSERT INTO record_words_index (rowid, words) VALUES (new.record_id, new.words);
END;
CREATE TRIGGER record_words_change AFTER UPDATE ON record_words BEGIN
    INSERT INTO record_words_index (record_words_index, rowid, words) VALUES ('delete', old.record_id, old.words);
    INSERT INTO record_words_index (rowid, words) VALUES (new.record_id, new.words);
END;
CREATE TRIGGER record_words_go AFTER DELETE ON record_words BEGIN
    INSERT INTO record_words_index (record_words_index, rowid, words) VALUES ('delete', old.record_id, old.words);
END;
