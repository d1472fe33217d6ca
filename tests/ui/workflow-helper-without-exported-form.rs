// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

fn helper(n: i64) -> i64 {
    n * 3
}

#[workflow]
async fn run(n: i64) -> i64 {
    double(helper(n)).await
}

fn main() {}
