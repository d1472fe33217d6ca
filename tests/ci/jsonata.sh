#!/usr/bin/env bash
# Has jsonata 2.0.6, the version that Step Functions runs, evaluate every expression that the
# equivalence suite evaluated, our own table, and five thousand made-up expressions.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
STEPWRIGHT_JSONATA_DUMP="$temp/expressions.jsonl" cargo test --quiet -p stepwright-tests --test main -- equivalence:: jsonata::table
cargo run --quiet -p stepwright-tests --bin jsonata-cases -- 1 5000 >"$temp/made-up.jsonl"
export NODE_JUDGES="$temp/judges"
node tests/npm/jsonata.mjs "$temp/expressions.jsonl"
node tests/npm/jsonata.mjs "$temp/made-up.jsonl"
