#!/usr/bin/env bash
# Holds the compose file against the official schema of the Compose Specification: scripts/check-compose.sh [FILE]
set -euo pipefail
file=$(realpath "${1:-$(dirname "$0")/../docker-compose.yml}")
cd "$(dirname "$0")/.."

# The copy is made last: an installation that broke off is begun anew.
tools=target/check-compose
if ! cmp -s scripts/check-compose.txt "$tools/installed.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check -r scripts/check-compose.txt
  cp scripts/check-compose.txt "$tools/installed.txt"
fi

"$tools/bin/check-jsonschema" --builtin-schema vendor.compose-spec "$file"
