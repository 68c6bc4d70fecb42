DROP TABLE loose_files;
DROP INDEX document_files_by_hash;
DROP TABLE record_files;
ALTER TABLE record_versions DROP COLUMN beside;
ALTER TABLE records DROP COLUMN beside;
