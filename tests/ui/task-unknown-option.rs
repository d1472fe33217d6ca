// errors: 1
use stepwright::prelude::*;

#[task(retries = 3)]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
