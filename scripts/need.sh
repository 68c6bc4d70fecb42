#!/usr/bin/env bash
# Makes sure that this machine has what a task needs: scripts/need.sh build node postgres
# Missing Debian packages are installed where that is allowed (root or sudo); Rust and Node are only checked.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=()

fail() {
  echo "$*" >&2
  exit 1
}

has() { command -v "$1" >/dev/null; }

# at_least 1.89 1.95.0: the second version is not below the first.
at_least() { printf '%s\n' "$1" "$2" | sort -VC; }

need_version() { # name, lowest version, version found
  [[ -n $3 ]] || fail "$1 is missing: please install $1 $2 or later."
  at_least "$2" "$3" || fail "$1 $3 is too old: please install $1 $2 or later."
}

need() {
  case $1 in
    build)
      has cc || packages+=(gcc libc6-dev)
      has make || packages+=(make)
      has pkg-config || packages+=(pkg-config)
      pkg-config --exists libpq 2>/dev/null || packages+=(libpq-dev)
      need_version Rust 1.89 "$(has cargo && cargo --version | cut -d' ' -f2)"
      ;;
    node)
      need_version Node 20.19 "$(has node && node --version | tr -d v)"
      has npm || fail "npm is missing: please install the one that comes with Node."
      ;;
    postgres) scripts/postgres-bin.sh >/dev/null || packages+=(postgresql) ;;
    pgbouncer) [[ -x /usr/sbin/pgbouncer ]] || has pgbouncer || packages+=(pgbouncer) ;;
    clamd) [[ -x /usr/sbin/clamd ]] || has clamd || packages+=(clamav-daemon) ;;
    python) python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv) ;;
    *) has "$1" || packages+=("$1") ;; # the package is named like its program: entr, shellcheck, wrk
  esac
}

install_packages() {
  local root=(sudo)
  if ((EUID == 0)); then
    root=()
  elif ! has sudo || ! { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    fail "Please install these packages: ${packages[*]}"
  fi
  has apt-get || fail "Please install these packages, or what your system calls them: ${packages[*]}"

  # The tests start PostgreSQL themselves: the package shall not leave a server running.
  local no_cluster=/etc/postgresql-common/createcluster.d/liendoan.conf
  if [[ " ${packages[*]} " == *" postgresql "* ]]; then
    "${root[@]}" mkdir -p "${no_cluster%/*}"
    "${root[@]}" tee "$no_cluster" <<<"create_main_cluster = false" >/dev/null
    # shellcheck disable=SC2064 # the words of now are meant: the function's variables are gone at exit
    trap "${root[*]} rm -f $no_cluster" EXIT
  fi

  echo "Installing ${packages[*]}"
  "${root[@]}" apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "${packages[@]}" >/dev/null
}

for word in "$@"; do need "$word"; done
((${#packages[@]} == 0)) || install_packages
