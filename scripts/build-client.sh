#!/usr/bin/env bash
# Builds the browser client into client/dist. Packages are installed where they are not those of the lockfile.
set -euo pipefail
cd "$(dirname "$0")/../client"

export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
[[ node_modules/.package-lock.json -nt package-lock.json ]] || npm ci
npm run --silent build
