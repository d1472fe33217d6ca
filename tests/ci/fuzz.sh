#!/usr/bin/env bash
# Runs every fuzz target for some seconds: `tests/ci/fuzz.sh [SECONDS [SEED [TARGET]]]`. Arithmetic
# that overflows is a failure here, as in tests.
set -euo pipefail
cd "$(dirname "$0")/../.."
cargo build --quiet --release -p stepwright-tests --bin fuzz \
  --config 'profile.release.package.stepwright.overflow-checks=true' \
  --config 'profile.release.package.stepwright-core.overflow-checks=true'
"${CARGO_TARGET_DIR:-target}/release/fuzz" "${3:-all}" --seconds "${1:-20}" --seed "${2:-1}"
