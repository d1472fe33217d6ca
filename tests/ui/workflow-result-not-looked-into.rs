// errors: 7
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined,
}

#[task]
async fn charge(cents: i64) -> Result<i64, ChargeError> {
    if cents == 0 { Err(ChargeError::Declined) } else { Ok(cents) }
}

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> Result<i64, ChargeError> {
    if charge(n).await > 3 {
        return Ok(0);
    }
    let charged = charge(n).await;
    let more = charged + 1;
    let less = n - charged;
    let text = charged.to_string();
    let length = charged.len();
    let first = charged[0];
    Ok(double(charge(n).await + 1).await)
}

fn main() {}
