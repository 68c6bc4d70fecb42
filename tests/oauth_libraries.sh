#!/usr/bin/env bash
# Ordinary OAuth libraries against the service: tests/oauth_libraries.sh [PROGRAM]
# They find it by its metadata, get a token, call with it, ask about it, take it back and are refused.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:-target/release/liendoan}")
libraries=tests/oauth_libraries

# The copy is made last: an installation that broke off is begun anew.
tools=target/oauth-libraries
if ! cmp -s "$libraries/requirements.txt" "$tools/installed.txt"; then
  rm -rf "$tools"
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check -r "$libraries/requirements.txt"
  cp "$libraries/requirements.txt" "$tools/installed.txt"
fi
if [[ ! $libraries/node_modules/.package-lock.json -nt $libraries/package-lock.json ]]; then
  (cd "$libraries" && npm ci --no-audit --no-fund --ignore-scripts --loglevel=error)
fi

folder=$(mktemp -d -t liendoan-oauth.XXXXXX)
service=
clean_up() {
  if [[ -n $service ]]; then
    kill "$service" 2>/dev/null || true
    wait "$service" || true
  fi
  rm -rf "$folder"
}
trap clean_up EXIT

port=$((20000 + RANDOM % 10000))
address=http://127.0.0.1:$port
LIENDOAN_ACCESS__SECRET=$(od -An -tx1 -N32 /dev/urandom | tr -d ' \n')
export LIENDOAN_ACCESS__SECRET
export LIENDOAN_ACCESS__ISSUER=$address LIENDOAN_ACCESS__SECOND_FACTOR=optional
export LIENDOAN_DATABASE__URL=sqlite://$folder/liendoan.db LIENDOAN_FILES__FOLDER=$folder/files
export LIENDOAN_LOG__LEVEL=warn

invitation=$("$program" account create-admin | grep -o 'ldi_[A-Za-z0-9_-]*')
"$program" serve --listen "127.0.0.1:$port" >"$folder/serve.log" 2>&1 &
service=$!
for _ in {1..100}; do
  if curl -sf -o "$folder/ready" "$address/health/ready"; then break; fi
  kill -0 "$service" || { cat "$folder/serve.log" >&2 && exit 1; }
  sleep 0.1
done

read -r id secret < <("$tools/bin/python" "$libraries/prepare.py" "$address" "$invitation")
# Results, gathered by scripts/prove.sh.
"$tools/bin/python" "$libraries/with_authlib.py" "$address" "$id" "$secret" | sed 's/^/= /'
node "$libraries/with_openid_client.mjs" "$address" "$id" "$secret" | sed 's/^/= /'
