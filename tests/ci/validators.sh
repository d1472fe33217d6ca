#!/usr/bin/env bash
# Shows every exported definition to asl-validator and amazon-states-language-service: those of the
# examples and those of the equivalence suite.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
mkdir -p "$temp/exports"
STEPWRIGHT_EXPORT_DUMP="$temp/exports" cargo test --quiet -p stepwright-tests --test main equivalence
NODE_JUDGES="$temp/judges" node tests/npm/validate.mjs "$temp"/exports/*.asl.json
