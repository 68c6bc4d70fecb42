-- One row. Whoever changes the list of reorganisations takes it, and adds one.
CREATE TABLE tree (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    revision BIGINT NOT NULL,
    -- Grows when what search finds changes; units bear the one of their own last such change.
    names_revision BIGINT NOT NULL
);
INSERT INTO tree (id, revision, names_revision) VALUES (1, 0, 0);

-- Decisions, laws and other papers that records and reorganisations rest on.
CREATE TABLE documents (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    number TEXT COLLATE "C",
    issued_on DATE,
    issuer TEXT,
    title TEXT,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL,
    CHECK (number IS NOT NULL OR title IS NOT NULL)
);
CREATE INDEX documents_by_number ON documents (number);

-- The list of decisions: all else about the tree is what comes out when it is replayed.
CREATE TABLE reorganisations (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    document_id BIGINT NOT NULL REFERENCES documents,
    -- 0001-01-01 for an opening.
    effective_on DATE NOT NULL,
    day_seq INTEGER NOT NULL,
    effective_precision TEXT NOT NULL,
    note TEXT,
    -- A JSON array, as it was sent.
    lines TEXT NOT NULL,
    lines_total INTEGER NOT NULL,
    annulled_because TEXT,
    -- Whether the feed has told that it took effect.
    is_announced BOOLEAN NOT NULL,
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE UNIQUE INDEX reorganisations_in_order ON reorganisations (effective_on, day_seq);
CREATE INDEX reorganisations_by_document ON reorganisations (document_id);
CREATE INDEX reorganisations_to_announce ON reorganisations (effective_on) WHERE NOT is_announced;

-- What a reorganisation said before it was corrected.
CREATE TABLE reorganisation_versions (
    reorganisation_id BIGINT NOT NULL REFERENCES reorganisations,
    version INTEGER NOT NULL,
    content TEXT NOT NULL,
    recorded_at TIMESTAMP NOT NULL,
    PRIMARY KEY (reorganisation_id, version)
);

CREATE TABLE units (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    placeholder BOOLEAN NOT NULL,
    -- Of what is set by PATCH; reorganisations leave it.
    version INTEGER NOT NULL,
    names_revision BIGINT NOT NULL,
    -- From when to when it lives: a JSON array.
    lives TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX units_by_names_revision ON units (names_revision);

-- What a unit is after each reorganisation that touched it, until the next one: one row holds name,
-- kind and place together. A row of no length (two decisions on a day) holds on no day and only tells
-- the history.
CREATE TABLE unit_states (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id BIGINT NOT NULL REFERENCES units,
    effective_on DATE NOT NULL,
    day_seq INTEGER NOT NULL,
    valid_to DATE NOT NULL CHECK (effective_on <= valid_to),
    reorganisation_id BIGINT NOT NULL REFERENCES reorganisations,
    -- Places of the lines that touched it, a JSON array.
    lines TEXT NOT NULL,
    alive BOOLEAN NOT NULL,
    -- The last one, where it lives no more; NULL for the root.
    parent_id BIGINT REFERENCES units,
    code TEXT COLLATE "C" NOT NULL,
    name TEXT NOT NULL,
    short_name TEXT,
    kind TEXT NOT NULL,
    employer_type TEXT,
    -- Order of siblings: of the kind, then of the name.
    rank INTEGER NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    UNIQUE (unit_id, effective_on, day_seq)
);
CREATE INDEX unit_states_of_children
    ON unit_states (parent_id, rank, name_key, code, effective_on, valid_to) WHERE alive;
-- What counting children looks at, and nothing beside it.
CREATE INDEX unit_states_under ON unit_states (parent_id, unit_id, alive, effective_on, valid_to);
CREATE INDEX unit_states_of_kind ON unit_states (kind, unit_id);
CREATE INDEX unit_states_of_day ON unit_states (effective_on, unit_id, day_seq);
CREATE INDEX unit_states_of_reorganisation ON unit_states (reorganisation_id, unit_id);

-- What a unit became when it ended, and what was separated from one that lives on.
CREATE TABLE unit_links (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id BIGINT NOT NULL REFERENCES units,
    effective_on DATE NOT NULL,
    day_seq INTEGER NOT NULL,
    other_id BIGINT NOT NULL REFERENCES units,
    kind TEXT NOT NULL CHECK (kind IN ('successor', 'separate'))
);
CREATE INDEX unit_links_of_unit ON unit_links (unit_id, effective_on, day_seq);
CREATE INDEX unit_links_to_unit ON unit_links (other_id);

-- Units that a decision relies on without touching them: when they change, it is replayed.
CREATE TABLE reorganisation_reads (
    unit_id BIGINT NOT NULL REFERENCES units,
    reorganisation_id BIGINT NOT NULL REFERENCES reorganisations,
    PRIMARY KEY (unit_id, reorganisation_id)
);
CREATE INDEX reorganisation_reads_of_one ON reorganisation_reads (reorganisation_id);

-- What no decision sets: one row a value, which holds from its day until the next of the same field.
CREATE TABLE unit_particulars (
    unit_id BIGINT NOT NULL REFERENCES units,
    field TEXT COLLATE "C" NOT NULL,
    effective_on DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (effective_on < valid_to),
    -- JSON, for aliases an array; NULL where it is known to be nothing.
    value TEXT,
    PRIMARY KEY (unit_id, field, effective_on)
);

-- Keys of other systems. Not dated; a pair belongs to one unit.
CREATE TABLE external_ids (
    system TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units,
    PRIMARY KEY (system, value)
);
CREATE INDEX external_ids_of_unit ON external_ids (unit_id, system, value);

-- Emulation clusters and blocks: peers of a period, across the tree.
CREATE TABLE clusters (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version INTEGER NOT NULL,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL REFERENCES units,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (valid_from < valid_to),
    declared_count INTEGER CHECK (declared_count >= 0),
    created_at TIMESTAMP NOT NULL,
    updated_at TIMESTAMP NOT NULL
);
CREATE INDEX clusters_of_owner ON clusters (owner_id, valid_from, id);
CREATE INDEX clusters_in_order ON clusters (valid_from, id);

CREATE TABLE cluster_members (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    cluster_id BIGINT NOT NULL REFERENCES clusters,
    unit_id BIGINT NOT NULL REFERENCES units,
    valid_from DATE NOT NULL,
    valid_to DATE NOT NULL CHECK (valid_from < valid_to),
    is_head BOOLEAN NOT NULL
);
CREATE INDEX cluster_members_of_cluster ON cluster_members (cluster_id, valid_from, unit_id);
CREATE INDEX cluster_members_of_unit ON cluster_members (unit_id, valid_from);
