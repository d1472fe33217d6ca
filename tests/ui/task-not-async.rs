// errors: 1
use stepwright::prelude::*;

#[task]
fn charge(cents: u32) -> u32 {
    cents
}

#[workflow]
async fn buy(cents: u32) -> u32 {
    charge(cents).await
}

fn main() {}
