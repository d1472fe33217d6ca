// errors: 1
use stepwright::prelude::*;

#[task]
fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
