// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let call = double(n);
    let other = double(2).await;
    call.await + other
}

fn main() {}
