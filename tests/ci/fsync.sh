#!/usr/bin/env bash
# Makes fsync fail in the middle of a run, at several points: the run must end with an error that
# says so, nothing may be lost, and the same command must go on afterwards.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1/fsync
mkdir -p "$temp"

if ! command -v strace >/dev/null; then
  { apt-get update -qq && apt-get install -y -qq strace; } >/dev/null 2>&1 ||
    { printf 'strace is missing and cannot be installed: NOT TESTED\n'; exit 0; }
fi
if ! strace -f -o /dev/null true 2>/dev/null; then
  printf 'strace may not trace here: NOT TESTED\n'
  exit 0
fi

cargo build --quiet -p stepwright-examples --example order
order=${CARGO_TARGET_DIR:-target}/debug/examples/order
for at in 4 12 13 14 15; do
  export ORDER_SHOP="$temp/shop-$at"
  command=("$order" --db "$temp/$at.db" run fulfil --input examples/order/input.json --json)
  if strace -f -qq -o "$temp/trace" -e trace=fsync,fdatasync \
    -e "inject=fsync,fdatasync:error=EIO:when=$at+" "${command[@]}" >"$temp/out" 2>"$temp/err"; then
    printf 'fsync %s failed and the run succeeded\n' "$at"
    exit 1
  fi
  tail -2 "$temp/err"
  grep -qiE 'i/o|fsync|disk|poison' "$temp/err" || { printf 'the error does not say why\n'; exit 1; }
  "${command[@]}" >"$temp/out" 2>"$temp/err" || { cat "$temp/err"; exit 1; }
  python3 - "$temp/out" examples/order/expected.json "$ORDER_SHOP/books.json" <<'PYTHON'
import json, sys
got, expected, books = (json.load(open(name)) for name in sys.argv[1:])
assert got["output"] == expected, got
assert len(books["payments"]) == 1 and len(books["reservations"]) == 3, books
PYTHON
  printf 'ok: failed at fsync %s, then went on\n' "$at"
done
