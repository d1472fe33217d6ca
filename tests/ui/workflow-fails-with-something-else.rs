// errors: 3
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
async fn of_an_option(amounts: Vec<u32>) -> Result<u32, ChargeError> {
    let first = amounts.first()?;
    charge(*first).await
}

#[workflow]
async fn in_a_closure(texts: Vec<String>) -> Result<u32, ChargeError> {
    let amounts: Vec<u32> = texts.iter().map(|text| text.parse()?).collect();
    charge(amounts.len() as u32).await
}

#[workflow]
async fn error_of_another_type(amount: u32) -> Result<u32, ChargeError> {
    if amount > 3 {
        return Err("too much");
    }
    charge(amount).await
}

fn main() {}
