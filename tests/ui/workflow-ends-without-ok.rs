// errors: 5
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined { code: u16 },
    GatewayDown,
}

#[task]
async fn charge(amount: u32) -> Result<u32, ChargeError> {
    match amount {
        0 => Err(ChargeError::GatewayDown),
        1 => Err(ChargeError::Declined { code: 51 }),
        _ => Ok(amount),
    }
}

#[workflow]
async fn with_a_semicolon(amount: u32) -> Result<u32, ChargeError> {
    let paid = charge(amount).await?;
    Ok(paid);
}

#[workflow]
async fn without_a_value(amount: u32) -> Result<(), ChargeError> {
    charge(amount).await?;
}

#[workflow]
async fn without_ok(amount: u32) -> Result<u32, ChargeError> {
    let paid = charge(amount).await?;
    paid
}

#[workflow]
async fn tried_at_the_end(amount: u32) -> Result<u32, ChargeError> {
    charge(amount).await?
}

#[workflow]
async fn without_a_type(amount: u32) {
    let paid = charge(amount).await.is_ok();
    paid
}

fn main() {}
