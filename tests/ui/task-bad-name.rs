// errors: 1
use stepwright::prelude::*;

#[task(name = "charge the card")]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
