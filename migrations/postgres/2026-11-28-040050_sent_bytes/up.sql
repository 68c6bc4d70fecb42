-- Bytes of files that somebody has sent on a day. Kept for the days that are counted, and removed after.
CREATE TABLE sent_bytes (
    principal TEXT NOT NULL,
    day DATE NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (principal, day)
);
