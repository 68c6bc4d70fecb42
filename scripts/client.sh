#!/usr/bin/env bash
# Runs a script of the browser client's package.json: scripts/client.sh build
# Packages are installed first, where they are not those of the lockfile.
set -euo pipefail
cd "$(dirname "$0")/../client"

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
[[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci
npm run --silent "$1"
