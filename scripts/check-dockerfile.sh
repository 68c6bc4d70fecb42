#!/usr/bin/env bash
# Runs the cargo command of the API's Dockerfile in a fresh clone of the last commit: shows without an engine
# for containers that the image could be built from what is committed.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$(sed -n 's/^RUN \(cargo .*\)/\1/p' docker/api.Dockerfile)
program=$(sed -n 's|^COPY --from=build /src/\([^ ]*\) .*|\1|p' docker/api.Dockerfile)
[[ -n $build && -n $program ]] || { echo "docker/api.Dockerfile has no 'RUN cargo' or no 'COPY --from=build' line." >&2 && exit 1; }

clone=$(mktemp -d -t liendoan-docker.XXXXXX)
trap 'rm -rf "$clone"' EXIT
git clone --quiet "$PWD" "$clone"
cd "$clone"
unset CARGO_TARGET_DIR
bash -c "$build"
"$program" --version
