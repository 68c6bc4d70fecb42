-- How far records have come, in the order of lists.
CREATE INDEX records_by_status ON records (kind, status, record_day DESC, id DESC);
