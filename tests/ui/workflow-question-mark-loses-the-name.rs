// errors: 2
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined,
}

#[data]
#[derive(TaskError)]
enum OrderError {
    Unpaid,
}

impl From<ChargeError> for OrderError {
    fn from(_: ChargeError) -> Self {
        Self::Unpaid
    }
}

#[task]
async fn charge(cents: i64) -> Result<i64, ChargeError> {
    if cents == 0 { Err(ChargeError::Declined) } else { Ok(cents) }
}

#[workflow]
async fn buy(n: i64) -> Result<i64, OrderError> {
    let one = charge(n).await?;
    match charge(one).await {
        Ok(other) => Ok(other),
        Err(error) => Err(error.into()),
    }
}

fn main() {}
