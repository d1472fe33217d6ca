// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
fn run(n: i64) -> i64 {
    double(n).await
}

#[workflow]
async fn outer(n: i64) -> i64 {
    run(n).await
}

fn main() {}
