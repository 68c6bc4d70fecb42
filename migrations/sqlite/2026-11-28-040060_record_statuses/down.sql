DROP INDEX records_by_status;
