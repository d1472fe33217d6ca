// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(exports = false)]
async fn run(n: i64) -> i64 {
    double(n).await
}

fn main() {}
