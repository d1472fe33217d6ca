// errors: 2
use stepwright::prelude::*;

#[task(timeout = "30 parsecs", heartbeat = 10)]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
