// errors: 1
use stepwright::prelude::*;

#[task(retry(on = [GatewayDown]))]
async fn charge(amount: u32) -> u32 {
    amount
}

fn main() {}
