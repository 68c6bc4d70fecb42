# Sourced by with-postgres.sh, with-pgbouncer.sh and with-clamd.sh: what all need to run a server for the time of one command.
# shellcheck shell=bash

# The script that sources this says how: stop_server.
directory=
clean_up() {
  trap '' INT TERM HUP
  if [[ -n $directory ]]; then
    stop_server >/dev/null 2>&1 || true
    rm -rf "$directory"
  fi
}

# end EXIT_CODE [PROCESS]: for signals, of which Ctrl-C brings several at once (ours, and those we pass on):
# an `exit` in a second one would break off the clean-up of the first.
end() {
  trap '' INT TERM HUP
  if (($# > 1)); then
    kill -TERM "$2" 2>/dev/null || true
    wait "$2" || true
  fi
  clean_up
  exit "$1"
}
trap clean_up EXIT
trap 'end 130' INT
trap 'end 143' TERM HUP

# PostgreSQL and PgBouncer refuse to run as root; a scanner of hostile files should not.
as_ordinary_user=()
if ((EUID == 0)); then
  ordinary_user=nobody
  if id postgres >/dev/null 2>&1; then ordinary_user=postgres; fi
  as_ordinary_user=(setpriv "--reuid=$ordinary_user" "--regid=$(id -g "$ordinary_user")" --init-groups)
fi

# make_directory NAME: a private directory of that user, in $directory.
make_directory() {
  directory=$(mktemp -d -t "liendoan-$1.XXXXXX")
  if ((EUID == 0)); then chown "$ordinary_user" "$directory"; fi
}

# server COMMAND...: as that user, and in that directory because root's own may be closed to the user.
server() { (cd "$directory" && exec "${as_ordinary_user[@]}" "$@"); }

# Below the range that systems give to outgoing connections, so that only another server can be there.
random_port() { echo $((20000 + RANDOM % 10000)); }

# run COMMAND...: its exit code is ours. It runs in the background because Bash handles a signal only when
# the foreground command has ended; `env` gives it back the Ctrl-C that background commands ignore.
run() {
  local command status=0
  env --default-signal=INT,QUIT "$@" <&0 &
  command=$!
  # shellcheck disable=SC2064 # the command of now is meant
  trap "end 130 $command" INT
  # shellcheck disable=SC2064
  trap "end 143 $command" TERM HUP
  wait "$command" || status=$?
  return "$status"
}
