// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    CardDeclined,
    GatewayDown,
}

#[task(retry(on = [GatwayDown], max_attempts = 2))]
async fn charge(cents: u32) -> Result<u32, ChargeError> {
    match cents {
        0 => Err(ChargeError::GatewayDown),
        1 => Err(ChargeError::CardDeclined),
        _ => Ok(cents),
    }
}

fn main() {}
