//! Random numbers that depend on nothing but a seed.

use std::cell::Cell;

/// The next number of a splitmix64 generator.
pub(super) fn next(state: &Cell<u64>) -> u64 {
    let seed = state.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
    state.set(seed);
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// A number below `count`, which is not 0. The bias of some over others is below 2^-32, since no
/// caller has a count above 2^32.
pub(super) fn below(state: &Cell<u64>, count: u32) -> u32 {
    let scaled = (u128::from(next(state)) * u128::from(count)) >> 64;
    u32::try_from(scaled).unwrap_or(0)
}

/// A UUID of version 4.
pub(super) fn uuid(state: &Cell<u64>) -> String {
    let bytes = (u128::from(next(state)) << 64 | u128::from(next(state))).to_be_bytes();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
