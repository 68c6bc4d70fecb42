-- A unit with all that stood above it on a day, as a path up that never moves.
CREATE TABLE lines (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Also one whose founding was annulled: what was told under it is taken back along its line.
    unit_id INTEGER NOT NULL,
    -- The line of the superior; 0 above the root.
    above_id INTEGER NOT NULL,
    -- How many stand above.
    depth INTEGER NOT NULL,
    UNIQUE (unit_id, above_id)
) STRICT;
CREATE INDEX lines_below ON lines (above_id, unit_id);

-- Totals that are kept, by line. Sums are written as core/src/quantity does.
CREATE TABLE totals (
    line_id INTEGER NOT NULL REFERENCES lines,
    measure TEXT NOT NULL,
    -- Of a flow the period; of a stock the day from which it holds, until the next.
    slot TEXT NOT NULL,
    -- Of a period that is not regular in the measure's calendar: then all sums are what it adds to its parts.
    is_lone INTEGER NOT NULL CHECK (is_lone IN (0, 1)),
    rest TEXT NOT NULL CHECK (rest IN ('sum', 'declared', 'parts')),
    own TEXT NOT NULL,
    below TEXT NOT NULL,
    total TEXT NOT NULL,
    PRIMARY KEY (line_id, measure, slot)
) STRICT, WITHOUT ROWID;
CREATE INDEX totals_lone ON totals (line_id) WHERE is_lone;
