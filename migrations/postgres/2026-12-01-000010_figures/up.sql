-- Figures that count: those of approved contents, of what has happened.
CREATE TABLE figures (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id BIGINT NOT NULL REFERENCES records,
    -- Its place in the content, from 0.
    place INTEGER NOT NULL,
    unit_id BIGINT NOT NULL REFERENCES units,
    measure TEXT COLLATE "C" NOT NULL,
    coverage TEXT NOT NULL CHECK (coverage IN ('own', 'consolidated')),
    -- Of a return, of a flow: it replaces where others add.
    is_statement BOOLEAN NOT NULL,
    -- As it is written, with its first and last day; and of these days the last on which the unit lived.
    period TEXT NOT NULL,
    starts_on DATE NOT NULL,
    ends_on DATE NOT NULL CHECK (starts_on <= ends_on),
    day DATE NOT NULL,
    -- A JSON object.
    quantity TEXT NOT NULL,
    text TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('stated', 'counted_from_list', 'derived')),
    -- What is told once only: statements by their period, stocks by their day. NULL: an event, which adds.
    told_once TEXT COLLATE "C" UNIQUE,
    UNIQUE (record_id, place)
);
CREATE INDEX figures_of_unit ON figures (unit_id, measure, starts_on);

-- Of records whose approved contents have figures, those that tell of the same event by their own word: where one
-- of these counts, the figures don't.
CREATE TABLE figure_twins (
    record_id BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
    twin_id BIGINT NOT NULL REFERENCES records ON DELETE CASCADE,
    PRIMARY KEY (record_id, twin_id)
);
CREATE INDEX figure_twins_by_twin ON figure_twins (twin_id);

-- Where figures were written or deleted: what was computed of them is to be looked at again.
CREATE TABLE figure_changes (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    unit_id BIGINT NOT NULL,
    measure TEXT COLLATE "C" NOT NULL,
    period TEXT NOT NULL
);
