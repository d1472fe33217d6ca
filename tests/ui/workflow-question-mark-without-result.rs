// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[task]
async fn charge(cents: i64) -> Result<i64, String> {
    Ok(cents)
}

#[workflow]
async fn run(n: i64) -> i64 {
    let charged = charge(n).await?;
    double(charged).await
}

fn main() {}
