-- Bytes of files that somebody has sent on a day. Kept for the days that are counted, and removed after.
CREATE TABLE sent_bytes (
    principal TEXT NOT NULL,
    day TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    PRIMARY KEY (principal, day)
) STRICT, WITHOUT ROWID;
