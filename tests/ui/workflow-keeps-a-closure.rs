// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let next = |x: i64| x + 1;
    let doubled = double(n).await;
    next(doubled)
}

fn main() {}
