-- Entries of the dated catalogues: kinds of activity, award titles.
CREATE TABLE catalogue_entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    version INTEGER NOT NULL,
    -- As its address names it: activity_kinds.
    catalogue TEXT NOT NULL,
    code TEXT NOT NULL,
    rank INTEGER NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL CHECK (valid_from < valid_to),
    document TEXT,
    -- A JSON object: what entries of this catalogue have beside the columns above.
    own TEXT NOT NULL,
    -- Taken out of it for lists: the group of an activity kind; the form of an award title, and its level.
    class TEXT NOT NULL,
    level TEXT,
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    UNIQUE (catalogue, code, valid_from)
) STRICT;
CREATE UNIQUE INDEX catalogue_entries_in_order ON catalogue_entries (catalogue, rank, id);
CREATE INDEX catalogue_entries_by_class ON catalogue_entries (catalogue, class, rank, id);
CREATE INDEX catalogue_entries_by_level ON catalogue_entries (catalogue, level, rank, id);
