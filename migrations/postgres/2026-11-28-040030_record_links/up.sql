-- What records have to do with others, as their newest contents name it.
CREATE TABLE record_links (
    from_id BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
    to_id BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('same_event', 'follows', 'part_of')),
    PRIMARY KEY (from_id, to_id, kind),
    CHECK (from_id <> to_id)
);
CREATE INDEX record_links_to ON record_links (to_id, from_id);
