// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

struct Pool(i64);

#[workflow]
async fn run(#[state] pool: &Pool, n: i64) -> i64 {
    double(n + pool.0).await
}

fn main() {}
