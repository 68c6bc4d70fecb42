DROP TABLE unit_kinds;
DROP TABLE idempotency_keys;
DROP TABLE sealer;
DROP TABLE topics;
DROP TABLE events;
DROP TABLE unsealed_events;
DROP TABLE secrets;
