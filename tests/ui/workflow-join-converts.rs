// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined,
}

#[data]
#[derive(TaskError)]
enum OrderError {
    NotPaid,
}

impl From<ChargeError> for OrderError {
    fn from(_: ChargeError) -> Self {
        Self::NotPaid
    }
}

#[task]
async fn charge(cents: i64) -> Result<i64, ChargeError> {
    if cents == 0 { Err(ChargeError::Declined) } else { Ok(cents) }
}

#[workflow]
async fn run(n: i64) -> Result<i64, OrderError> {
    let (charged, _) = try_join!(charge(n), charge(2))?;
    Ok(charged)
}

fn main() {}
