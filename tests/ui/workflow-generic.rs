// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run<T>(value: T) -> i64 {
    drop(value);
    double(1).await
}

fn main() {}
