-- Figures that count: those of approved contents, of what has happened.
CREATE TABLE figures (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL REFERENCES records,
    -- Its place in the content, from 0.
    place INTEGER NOT NULL,
    unit_id INTEGER NOT NULL REFERENCES units,
    measure TEXT NOT NULL,
    coverage TEXT NOT NULL CHECK (coverage IN ('own', 'consolidated')),
    -- Of a return, of a flow: it replaces where others add.
    is_statement INTEGER NOT NULL CHECK (is_statement IN (0, 1)),
    -- As it is written, with its first and last day; and of these days the last on which the unit lived.
    period TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    ends_on TEXT NOT NULL CHECK (starts_on <= ends_on),
    day TEXT NOT NULL,
    -- A JSON object.
    quantity TEXT NOT NULL,
    text TEXT,
    basis TEXT NOT NULL CHECK (basis IN ('stated', 'counted_from_list', 'derived')),
    -- What is told once only: statements by their period, stocks by their day. NULL: an event, which adds.
    told_once TEXT UNIQUE,
    UNIQUE (record_id, place)
) STRICT;
CREATE INDEX figures_of_unit ON figures (unit_id, measure, starts_on);

-- Of records whose approved contents have figures, those that tell of the same event by their own word: where one
-- of these counts, the figures don't.
CREATE TABLE figure_twins (
    record_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    twin_id INTEGER NOT NULL REFERENCES records ON DELETE CASCADE,
    PRIMARY KEY (record_id, twin_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_twins_by_twin ON figure_twins (twin_id);

-- Where figures were written or deleted: what was computed of them is to be looked at again.
CREATE TABLE figure_changes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    unit_id INTEGER NOT NULL,
    measure TEXT NOT NULL,
    period TEXT NOT NULL
) STRICT;
