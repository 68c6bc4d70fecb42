#!/usr/bin/env bash
# Runs a command with a PgBouncer in transaction mode before the cluster of with-postgres.sh:
#   scripts/with-postgres.sh scripts/with-pgbouncer.sh cargo test
# The command finds it in TEST_PGBOUNCER. Few server connections, so that clients really share them.
set -euo pipefail
# shellcheck source=scripts/servers.sh
. "$(dirname "$0")/servers.sh"

PATH=$PATH:/usr/sbin
pgbouncer=
stop_server() { kill "$pgbouncer"; }
make_directory pgbouncer

[[ $TEST_POSTGRES =~ ^postgres://(.+):(.+)@(.+):([0-9]+)/(.+)$ ]]
user=${BASH_REMATCH[1]} password=${BASH_REMATCH[2]} host=${BASH_REMATCH[3]}
server_port=${BASH_REMATCH[4]} database=${BASH_REMATCH[5]}

start() {
  port=$(random_port)
  cat >"$directory/pgbouncer.ini" <<END
[databases]
* = host=$host port=$server_port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $port
unix_socket_dir =
auth_type = scram-sha-256
auth_file = users
pool_mode = transaction
default_pool_size = 4
max_client_conn = 1000
END
  (cd "$directory" && exec "${as_ordinary_user[@]}" pgbouncer pgbouncer.ini) >>"$directory/log" 2>&1 &
  pgbouncer=$!
  export TEST_PGBOUNCER="postgres://$user:$password@127.0.0.1:$port/$database"
  answers
}

# Asks until it answers, or until the process has ended because the port was taken.
answers() {
  while kill -0 "$pgbouncer" 2>/dev/null; do
    if PGCONNECT_TIMEOUT=2 "$TEST_POSTGRES_BIN/psql" -X -q -c "SELECT" "$TEST_PGBOUNCER" >/dev/null 2>&1; then return; fi
    sleep 0.1
  done
  return 1
}

(umask 077 && echo "\"$user\" \"$password\"" >"$directory/users")
if ((EUID == 0)); then chown "$ordinary_user" "$directory/users"; fi
if ! { start || start || start; }; then
  echo "PgBouncer did not start:" >&2
  tail -n 20 "$directory/log" >&2
  exit 1
fi

run "$@"
