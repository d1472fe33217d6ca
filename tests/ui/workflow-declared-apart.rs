// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    let (a, b);
    a = double(n).await;
    b = double(a).await;
    a + b
}

fn main() {}
