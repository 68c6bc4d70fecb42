#!/usr/bin/env bash
# Runs a command beside a throw-away PostgreSQL cluster: scripts/with-postgres.sh cargo test
# The command finds it in TEST_POSTGRES. PG_FSYNC=on makes it as careful as in production.
set -euo pipefail
scripts=$(dirname "$0")
# shellcheck source=scripts/servers.sh
. "$scripts/servers.sh"

bin=$("$scripts/postgres-bin.sh") || { echo "PostgreSQL is missing: scripts/need.sh postgres installs it." >&2 && exit 1; }
stop_server() { server "$bin/pg_ctl" stop -D data -m immediate; }
make_directory postgres

create() {
  server "$bin/initdb" -D data -U postgres --locale=C --encoding=UTF8 \
    --auth-local=trust --auth-host=scram-sha-256 --no-sync >"$directory/initdb.log" 2>&1
  cat >>"$directory/data/postgresql.conf" <<END
listen_addresses = '127.0.0.1'
unix_socket_directories = '$directory'
max_connections = 200
fsync = ${PG_FSYNC:-off}
END
}

# The port may be taken: only trying to listen on it can tell.
start() {
  for _ in {1..5}; do
    port=$(random_port)
    echo "port = $port" >>"$directory/data/postgresql.conf"
    if server "$bin/pg_ctl" start -D data -l server.log >/dev/null 2>&1; then return; fi
  done
  return 1
}

if ! { create && start; }; then
  echo "PostgreSQL did not start:" >&2
  tail -n 20 "$directory"/*.log >&2
  exit 1
fi

# What the service gets in production: a role that owns databases and is not a superuser. It may
# also end other processes, because dropping a test's database would else fail when autovacuum
# happens to be in it.
password=$(od -An -tx1 -N16 /dev/urandom | tr -d ' \n')
server "$bin/psql" -X -q -h "$directory" -p "$port" -U postgres -d postgres \
  <<<"CREATE ROLE liendoan LOGIN CREATEDB PASSWORD '$password' IN ROLE pg_signal_backend"

export TEST_POSTGRES="postgres://liendoan:$password@127.0.0.1:$port/postgres"
export TEST_POSTGRES_BIN=$bin
run "$@"
