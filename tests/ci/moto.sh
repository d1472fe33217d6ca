#!/usr/bin/env bash
# Prints how many transitions our server makes for a second of processor time, and moto_server beside
# it in the same run. No figure is a condition here.
set -euo pipefail
cd "$(dirname "$0")/../.."
mkdir -p "$1"
temp=$(cd "$1" && pwd)

if ! command -v python3 >/dev/null; then
  printf 'there is no python3 to run moto_server with: NOT TESTED\n'
  exit 0
fi
python=$temp/moto/bin/python
if [[ ! -x $python ]]; then
  python3 -m venv "$temp/moto"
  "$python" -m pip install --quiet --disable-pip-version-check 'moto[server,stepfunctions]==5.2.5'
fi
cargo build --quiet --release -p stepwright --features server --bin stepwright
"$python" tests/conformance/transitions.py 5 "${CARGO_TARGET_DIR:-$PWD/target}/release/stepwright" "$python"
