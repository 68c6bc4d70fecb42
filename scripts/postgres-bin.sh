#!/usr/bin/env bash
# Prints the directory of PostgreSQL's server programs: Debian keeps them out of PATH, one directory a version.
set -euo pipefail

initdb=$(command -v initdb || printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n1)
initdb=$(readlink -e "$initdb")
dirname "$initdb"
