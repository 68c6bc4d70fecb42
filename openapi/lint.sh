#!/usr/bin/env bash
# Lints the document: openapi/lint.sh [FILE]. Once installed, the linters need no network.
set -euo pipefail
document=$(realpath "${1:-$(dirname "$0")/openapi.json}")
cd "$(dirname "$0")"

if [[ ! node_modules/.package-lock.json -nt package-lock.json ]]; then
  npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
fi

export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
node_modules/.bin/spectral lint --ruleset .spectral.yaml --fail-severity=warn "$document"
node_modules/.bin/redocly lint --config redocly.yaml "$document"
