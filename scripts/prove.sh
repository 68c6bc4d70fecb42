#!/usr/bin/env bash
# What takes too long for the gate (make prove): the ignored tests, with a PostgreSQL that really syncs; ordinary
# OAuth libraries; whether the authorization table notices a hole; how many sign in a second; every page of the
# client as every role (screenshots in target/client/), and behind the proxy of production.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need.sh build node postgres pgbouncer clamd python curl wrk chromium caddy
cargo build --release --workspace --locked
log=target/prove.log
PG_FSYNC=on scripts/with-postgres.sh scripts/with-pgbouncer.sh scripts/with-clamd.sh \
  cargo test --release -p liendoan-tests --locked -- --ignored --nocapture --test-threads=1 2>&1 | tee "$log"
tests/oauth_libraries.sh 2>&1 | tee -a "$log"
scripts/mutate-authorization.sh permission second_factor has_session check_writes home_of_the_ended account_of_a_grant \
  list_accounts audit_of_all audit_of_units not_held ever_under 2>&1 | tee -a "$log"
make bench ACCESS=1
scripts/check-dockerfile.sh
scripts/client.sh build
LIENDOAN=$PWD/target/release/liendoan scripts/client.sh prove 2>&1 | tee -a "$log"

# The results alone, each on its line.
printf '\n'
sed -n '/^= TEST_SEED/!s/^= //p' "$log"
printf '\nProved in %d min %02d s.\n' $((SECONDS / 60)) $((SECONDS % 60))
