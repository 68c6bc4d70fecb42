-- The day by which something is due: an agreement runs out, a task is to be done.
ALTER TABLE records ADD COLUMN due_on DATE;
-- A hash of what is the same about two records that likely tell of one thing.
ALTER TABLE records ADD COLUMN likeness TEXT;
CREATE INDEX records_due ON records (kind, due_on) WHERE due_on IS NOT NULL;
CREATE INDEX records_alike ON records (kind, likeness) WHERE likeness IS NOT NULL;
-- What a list is narrowed to first; and whether an entry of a catalogue is in use.
CREATE INDEX records_by_category ON records (kind, category, record_day DESC, id DESC);

-- Campaigns are records like others now: recorded by some, approved by others.
UPDATE roles SET permissions = replace(permissions, '"campaigns:edit"', '"campaigns:record"');
UPDATE service_accounts SET scopes = replace(scopes, '"campaigns:edit"', '"campaigns:record"');
