#!/usr/bin/env bash
# Runs every example and compares what it prints, and what it exports, with the files beside it.
# `BLESS=1 tests/ci/examples.sh "$(mktemp -d)"` writes the definitions instead: read what you bless.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
mkdir -p "$temp/exports"

# example:workflow
machines="hello:greet order:fulfil"

# The command of the README, as it stands there.
(
  command=$(grep -m1 -o 'cargo run -p stepwright-examples .*' README.md)
  export ORDER_SHOP="$temp/readme-shop"
  $command --db "$temp/readme.db"
)

cargo build --quiet -p stepwright-examples --examples
for machine in $machines; do
  example=${machine%:*} workflow=${machine#*:} here="examples/${machine%:*}"
  work="$temp/$example"
  mkdir -p "$work"
  run() { "${CARGO_TARGET_DIR:-target}/debug/examples/$example" --db "$work/$example.db" "$@"; }

  ORDER_SHOP="$work/shop" run run "$workflow" --input "$here/input.json" --json >"$work/output.json"
  python3 - "$here/expected.json" "$work/output.json" <<'PYTHON'
import json, sys
expected, got = (json.load(open(name)) for name in sys.argv[1:])
assert got["output"] == expected, f"expected {expected}, got {got}"
PYTHON
  run check
  run export "$workflow" --format asl >"$temp/exports/$example-$workflow.asl.json"
  if [[ -n ${BLESS:-} ]]; then cp "$temp/exports/$example-$workflow.asl.json" "$here/expected.asl.json"; fi
  diff "$here/expected.asl.json" "$temp/exports/$example-$workflow.asl.json"
  printf 'ok %s\n' "$machine"
done
