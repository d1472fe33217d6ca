// errors: 5
use stepwright::prelude::*;

#[task(retry(interval = "10s", max_attempts = -1, backoff = 0.5, max_delay = "5s", jitter = half, often))]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
