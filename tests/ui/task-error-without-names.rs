// errors: 1
use stepwright::prelude::*;

#[data]
enum ChargeError {
    GatewayDown,
}

#[task]
async fn charge(cents: u32) -> Result<u32, ChargeError> {
    if cents == 0 { Err(ChargeError::GatewayDown) } else { Ok(cents) }
}

fn main() {}
