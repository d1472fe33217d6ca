#!/usr/bin/env bash
# Runs every example and compares what it prints, and what it exports, with the files beside it.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
mkdir -p "$temp/exports"

# example:workflow
machines="hello:greet order:fulfil"

cargo build --quiet -p stepwright-examples --examples
for machine in $machines; do
  example=${machine%:*} workflow=${machine#*:} here="examples/${machine%:*}"
  work="$temp/$example"
  mkdir -p "$work"
  run() { cargo run --quiet -p stepwright-examples --example "$example" -- --db "$work/$example.db" "$@"; }

  (export ORDER_SHOP="$work/shop"; run run "$workflow" --input "$here/input.json" --json >"$work/output.json" 2>"$work/progress")
  cat "$work/progress"
  python3 - "$here/expected.json" "$work/output.json" <<'PYTHON'
import json, sys
expected, got = (json.load(open(name)) for name in sys.argv[1:])
output = got.get("output", got)
output = json.loads(output) if isinstance(output, str) else output
assert output == expected, f"expected {expected}, got {output}"
PYTHON
  run check
  run export "$workflow" --format asl >"$temp/exports/$example-$workflow.asl.json"
  diff "$here/expected.asl.json" "$temp/exports/$example-$workflow.asl.json"
  printf 'ok %s\n' "$machine"
done
