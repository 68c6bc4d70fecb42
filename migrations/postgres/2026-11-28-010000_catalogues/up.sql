-- Entries of the dated catalogues: kinds of activity, award titles.
CREATE TABLE catalogue_entries (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    -- As its address names it: activity_kinds.
    catalogue TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    rank INTEGER NOT NULL,
    name_vi TEXT NOT NULL,
    name_en TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (valid_from < valid_to),
    document TEXT,
    -- A JSON object: what entries of this catalogue have beside the columns above.
    own TEXT NOT NULL,
    -- Taken out of it for lists: the group of an activity kind; the form of an award title, and its level.
    class TEXT COLLATE "C" NOT NULL,
    level TEXT COLLATE "C",
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    UNIQUE (catalogue, code, valid_from)
);
CREATE UNIQUE INDEX catalogue_entries_in_order ON catalogue_entries (catalogue, rank, id);
CREATE INDEX catalogue_entries_by_class ON catalogue_entries (catalogue, class, rank, id);
CREATE INDEX catalogue_entries_by_level ON catalogue_entries (catalogue, level, rank, id);
