// errors: 1
use stepwright::prelude::*;

#[derive(TaskError)]
enum ChargeError {
    Declined,
}

#[task]
async fn charge(amount: u32) -> Result<u32, ChargeError> {
    if amount > 3 { Err(ChargeError::Declined) } else { Ok(amount) }
}

#[workflow]
async fn buy(amount: u32) -> Result<u32, ChargeError> {
    charge(amount).await
}

fn main() {}
