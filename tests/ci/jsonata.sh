#!/usr/bin/env bash
# Has jsonata 2.0.6, the version that Step Functions runs, evaluate every expression that the
# equivalence suite evaluated.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
STEPWRIGHT_JSONATA_DUMP="$temp/expressions.jsonl" cargo test --quiet -p stepwright-tests --test main equivalence
NODE_JUDGES="$temp/judges" node tests/npm/jsonata.mjs "$temp/expressions.jsonl"
