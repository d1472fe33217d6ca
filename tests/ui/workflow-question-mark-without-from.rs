// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

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
    let charged = charge(n).await?;
    Ok(double(charged).await)
}

fn main() {}
