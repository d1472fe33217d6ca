// errors: 1
use stepwright::prelude::*;

#[task]
async fn charge(cents: u32) -> u32 {
    cents
}

async fn test() {
    charge("ten").await;
}

fn main() {
    let _ = test();
}
