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
    Empty,
}

#[task]
async fn charge(cents: i64) -> Result<i64, ChargeError> {
    if cents == 0 { Err(ChargeError::Declined) } else { Ok(cents) }
}

#[workflow]
async fn run(n: i64) -> Result<i64, OrderError> {
    if n == 0 {
        return Err(OrderError::Empty);
    }
    match charge(n).await {
        Ok(charged) => Ok(charged),
        Err(error) => Err(error.into()),
    }
}

fn main() {}
