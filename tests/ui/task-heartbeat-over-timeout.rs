// errors: 1
use stepwright::prelude::*;

#[task(timeout = "30s", heartbeat = "1m")]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
