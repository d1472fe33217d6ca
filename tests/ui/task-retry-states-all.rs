// errors: 1
use stepwright::prelude::*;

#[task(retry(on = ["States.ALL"], max_attempts = 2))]
async fn charge(cents: u32) -> u32 {
    cents
}

fn main() {}
