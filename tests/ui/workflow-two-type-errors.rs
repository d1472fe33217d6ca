// errors: 2
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    let first: String = double(n).await;
    let second = double("x").await;
    second
}

fn main() {}
