// errors: 1
use stepwright::prelude::*;

#[data]
enum ChargeError {
    GatewayDown,
}

#[task]
async fn charge(amount: u32) -> Result<u32, ChargeError> {
    if amount > 3 { Err(ChargeError::GatewayDown) } else { Ok(amount) }
}

#[workflow]
async fn buy(amount: u32) -> Result<u32, ChargeError> {
    let paid = charge(amount).await?;
    Ok(paid)
}

fn main() {}
