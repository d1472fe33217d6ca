#!/usr/bin/env bash
# Prints durable steps per second and the latency of ten steps, on SQLite with full durability. The
# benchmark itself checks that every execution has every event; no figure is a condition here.
set -euo pipefail
cd "$(dirname "$0")/../.."
temp=$1
cd "$temp"
cargo build --quiet --release --manifest-path "$OLDPWD/Cargo.toml" -p stepwright-tests --bin engine-bench
bench=${CARGO_TARGET_DIR:-$OLDPWD/target}/release/engine-bench
"$bench" tput 64 12
"$bench" lat 20
"$bench" fan 5
