UPDATE service_accounts SET scopes = replace(scopes, '"campaigns:record"', '"campaigns:edit"');
UPDATE roles SET permissions = replace(permissions, '"campaigns:record"', '"campaigns:edit"');
DROP INDEX records_by_category;
DROP INDEX records_alike;
DROP INDEX records_due;
ALTER TABLE records DROP COLUMN likeness;
ALTER TABLE records DROP COLUMN due_on;
