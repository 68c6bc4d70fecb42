-- Bodies outside the union with which units do things, kept once.
CREATE TABLE partners (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    name TEXT NOT NULL,
    -- Other names, a JSON array.
    aliases TEXT NOT NULL,
    kind TEXT NOT NULL,
    tax_code TEXT,
    -- Who keeps it; NULL: the whole federation.
    unit_id INTEGER REFERENCES units,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX partners_by_tax_code ON partners (tax_code) WHERE tax_code IS NOT NULL;

-- Their names without marks, abbreviations in full: two of the same key are likely one.
CREATE TABLE partner_names (
    partner_id INTEGER NOT NULL REFERENCES partners ON DELETE CASCADE,
    name_key TEXT NOT NULL,
    PRIMARY KEY (name_key, partner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX partner_names_of ON partner_names (partner_id);

-- The words of these names, to be searched for.
CREATE TABLE partner_words (
    partner_id INTEGER NOT NULL REFERENCES partners ON DELETE CASCADE,
    word TEXT NOT NULL,
    PRIMARY KEY (word, partner_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX partner_words_of ON partner_words (partner_id);

-- What records name: partners, campaigns, units. Also what an approved version named: it stays named.
CREATE TABLE record_mentions (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    subject TEXT NOT NULL,
    subject_id INTEGER NOT NULL,
    PRIMARY KEY (record_id, subject, subject_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_mentions_by_subject ON record_mentions (subject, subject_id, record_id);
