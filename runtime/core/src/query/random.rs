//! Random numbers that follow from a seed: `SplitMix64` (Steele, Lea and Flood 2014).

use std::cell::Cell;

/// A source of numbers. Who reads one scope draws from one source, so drawing takes no `&mut`.
#[derive(Debug, Clone)]
pub struct Random(Cell<u64>);

impl Random {
    /// The source whose numbers follow from `seed`.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// 64 bits.
    pub fn next(&self) -> u64 {
        let seed = self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.0.set(seed);
        let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if there is none. Some come up more often than others by a share of
    /// `end` in 2^64.
    pub fn below(&self, end: u64) -> u64 {
        let scaled = (u128::from(self.next()) * u128::from(end)) >> 64;
        u64::try_from(scaled).unwrap_or(0)
    }

    /// A UUID of version 4.
    pub fn uuid(&self) -> String {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// Exchanges what two sources give from here on.
    pub fn swap(&self, other: &Self) {
        self.0.swap(&other.0);
    }
}
