DROP TABLE sent_bytes;
