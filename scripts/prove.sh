#!/usr/bin/env bash
# What takes too long for the gate (make prove): the ignored tests, with a PostgreSQL that really syncs.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/need.sh build postgres pgbouncer python wrk
cargo build --release --workspace --locked
log=target/prove.log
PG_FSYNC=on scripts/with-postgres.sh scripts/with-pgbouncer.sh \
  cargo test --release -p liendoan-tests --locked -- --ignored --nocapture --test-threads=1 2>&1 | tee "$log"
scripts/check-dockerfile.sh

# The results alone, each on its line.
printf '\n'
sed -n '/^= TEST_SEED/!s/^= //p' "$log"
printf '\nProved in %d min %02d s.\n' $((SECONDS / 60)) $((SECONDS % 60))
