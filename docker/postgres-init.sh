#!/usr/bin/env bash
# Run once by the image of PostgreSQL, for a new database: the role of the service and what it owns.
set -euo pipefail

# The time-outs stand on the role, because a pooler such as PgBouncer passes no start options on.
# The messages stay in English: some errors can be told apart by their text only.
psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --dbname postgres <<'SQL'
\getenv password LIENDOAN_PASSWORD
CREATE ROLE liendoan LOGIN PASSWORD :'password';
ALTER ROLE liendoan SET statement_timeout = '5s';
ALTER ROLE liendoan SET lock_timeout = '2s';
ALTER ROLE liendoan SET idle_in_transaction_session_timeout = '10s';
ALTER ROLE liendoan SET lc_messages = 'C';
CREATE DATABASE liendoan OWNER liendoan;
SQL
