ALTER TABLE events DROP COLUMN units;
ALTER TABLE unsealed_events DROP COLUMN units;
ALTER TABLE tree DROP COLUMN placed_on;
DROP TABLE record_documents;
DROP TABLE record_hands;
DROP TABLE record_steps;
DROP TABLE record_versions;
DROP TABLE record_places;
DROP TABLE records;
