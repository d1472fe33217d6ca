// errors: 1
use stepwright::prelude::*;

#[derive(Clone)]
struct Pool(u32);

#[task]
async fn charge(#[state] pool: Pool, cents: u32) -> u32 {
    pool.0 + cents
}

fn main() {}
