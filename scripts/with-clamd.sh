#!/usr/bin/env bash
# Runs a command with ClamAV's scanner, which knows one signature: that of EICAR's harmless test file.
#   scripts/with-clamd.sh cargo test
# The command finds its address in TEST_CLAMD.
set -euo pipefail
# shellcheck source=scripts/servers.sh
. "$(dirname "$0")/servers.sh"

PATH=$PATH:/usr/sbin
clamd=
stop_server() { kill "$clamd"; }
make_directory clamd

start() {
  port=$(random_port)
  cat >"$directory/clamd.conf" <<END
Foreground yes
DatabaseDirectory $directory/signatures
TCPAddr 127.0.0.1
TCPSocket $port
END
  "${as_ordinary_user[@]}" clamd --config-file="$directory/clamd.conf" >>"$directory/log" 2>&1 &
  clamd=$!
  export TEST_CLAMD="127.0.0.1:$port"
  answers
}

# Asks until it answers, or until the process has ended because the port was taken.
answers() {
  while kill -0 "$clamd" 2>/dev/null; do
    if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return; fi
    sleep 0.1
  done
  return 1
}

mkdir "$directory/signatures"
# MD5 and length of the file, and the name under which it is found.
echo 44d88612fea8a8f36de82e1278abb02f:68:Eicar-Test-Signature >"$directory/signatures/test.hdb"
chmod -R go+rX "$directory/signatures"
if ! { start || start || start; }; then
  echo "clamd did not start:" >&2
  tail -n 20 "$directory/log" >&2
  exit 1
fi

run "$@"
