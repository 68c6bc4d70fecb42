#!/usr/bin/env bash
# The gate (make test): everything that a commit must pass, on both engines. Stops at the first failure.
set -euo pipefail
# What failed must not drown in where.
export RUST_BACKTRACE=0
cd "$(dirname "$0")/.."

step() { # heading, command...
  printf '\n== %s\n' "$1"
  "${@:2}"
}

tests() {
  local log=target/test.log sqlite postgres
  scripts/with-postgres.sh cargo test --workspace --locked 2>&1 | tee "$log"
  # A test of the black box runs once for each engine and bears its name.
  sqlite=$(grep -c '^test .*::sqlite \.\.\. ok$' "$log" || true)
  postgres=$(grep -c '^test .*::postgres \.\.\. ok$' "$log" || true)
  echo "black-box tests: $sqlite on SQLite, $postgres on PostgreSQL"
  if ((sqlite == 0 || sqlite != postgres)); then
    echo "Both engines must run the same tests." >&2
    return 1
  fi
}


step "Needs" scripts/need.sh build node postgres python shellcheck curl chromium
step "Format" cargo fmt --check
step "Lints" cargo clippy --workspace --all-targets --locked -- -D warnings
step "Build" cargo build --workspace --all-targets --locked
step "Tests" tests
step "OpenAPI: rules" openapi/lint.sh
step "Client: build" scripts/client.sh build
step "Client: checks" scripts/client.sh check
step "Client: round" scripts/client.sh e2e
step "Client: short round on PostgreSQL" scripts/with-postgres.sh scripts/client.sh e2e:short
step "Compose file" scripts/check-compose.sh
step "Shell scripts" shellcheck -x scripts/*.sh openapi/*.sh docker/*.sh tests/*.sh .ci/run
printf '\nAll passed in %d min %02d s.\n' $((SECONDS / 60)) $((SECONDS % 60))
