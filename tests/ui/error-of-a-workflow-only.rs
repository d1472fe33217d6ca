// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    GatewayDown,
}

enum BuyError {
    Charge(ChargeError),
}

impl From<ChargeError> for BuyError {
    fn from(error: ChargeError) -> Self {
        Self::Charge(error)
    }
}

#[task]
async fn charge(amount: u32) -> Result<u32, ChargeError> {
    if amount > 3 { Err(ChargeError::GatewayDown) } else { Ok(amount) }
}

#[workflow]
async fn buy(amount: u32) -> Result<u32, BuyError> {
    let paid = charge(amount).await?;
    Ok(paid)
}

fn main() {
    let _ = |BuyError::Charge(error)| error;
}
