#!/usr/bin/env bash
# Asks `stepwright serve` what was once asked of AWS, and compares with what AWS answered: on memory,
# on SQLite, and on SQLite with the server killed again and again. docs/conformance.md says which
# cases are not equal and what is compared.
#
# STEPWRIGHT_CONFORMANCE names the folder of recordings with their player; without it, it is
# shared/conformance beside the checkout.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1/conformance"
temp=$(cd "$1/conformance" && pwd)
recordings=${STEPWRIGHT_CONFORMANCE:-../shared/conformance}

if [[ ! -f $recordings/play.py ]]; then
  printf 'no recordings in %s; STEPWRIGHT_CONFORMANCE names another folder: NOT TESTED\n' "$recordings"
  exit 0
fi
if ! command -v python3 >/dev/null; then
  printf 'there is no python3 to play the recordings with: NOT TESTED\n'
  exit 0
fi
python=python3
if ! python3 -c 'import boto3' 2>/dev/null; then
  python3 -m venv "$temp/venv"
  python=$temp/venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check boto3
fi

cargo build --quiet -p stepwright --features server --bin stepwright
stepwright=${CARGO_TARGET_DIR:-$PWD/target}/debug/stepwright

server=
trap '[[ -z $server ]] || kill "$server" 2>/dev/null || true' EXIT
free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# run NAME COMMAND...: plays all cases to the server that the command starts, which prints where it
# listens; the server ends well, and the verdict counts.
run() {
  local name=$1 edge address verdict=0
  shift
  printf '\n%s\n' "$name"
  rm -f "$temp"/*.db* "$temp/results.json"
  : >"$temp/server.out"
  edge=$(free_port)
  AWS_ENDPOINT_URL=http://127.0.0.1:$edge AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test \
    "$@" >"$temp/server.out" 2>"$temp/server.err" &
  server=$!
  until address=$(grep -o 'http://127.0.0.1:[0-9]*' "$temp/server.out"); do
    kill -0 "$server" 2>/dev/null || { cat "$temp/server.err"; return 1; }
    sleep 0.1
  done
  "$python" "$recordings/play.py" --endpoint-url "$address" --edge-port "$edge" --needs none \
    --expect 0 --json "$temp/results.json" >"$temp/player.out" || verdict=1
  kill "$server"
  wait "$server" || { verdict=1; cat "$temp/server.err"; }
  server=
  sed '/^listening/d' "$temp/server.out"
  "$python" tests/conformance/verdict.py "$temp/results.json" docs/conformance.md || verdict=1
  return "$verdict"
}

failed=0
run "on memory" "$stepwright" serve --listen 127.0.0.1:0 --store memory || failed=1
run "on SQLite" "$stepwright" serve --listen 127.0.0.1:0 --store "$temp/plain.db" || failed=1
run "on SQLite, killed" "$python" tests/conformance/gate.py --database "$temp/killed.db" "$stepwright" || failed=1
exit "$failed"
