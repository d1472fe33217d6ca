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
async fn in_an_arm(amount: u32, big: bool) -> Result<u32, ChargeError> {
    let paid = match big {
        true => charge(amount).await?,
        false => charge(1).await,
    };
    charge(paid).await
}

#[workflow]
async fn in_a_branch(amount: u32, big: bool) -> Result<u32, ChargeError> {
    let paid = if big { charge(amount).await? } else { charge(1).await };
    Ok(paid)
}

#[workflow]
async fn of_a_value(amount: u32) -> Result<u32, ChargeError> {
    let paid = charge(amount).await;
    charge(paid).await
}

fn main() {}
