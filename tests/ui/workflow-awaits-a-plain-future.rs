// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

async fn read(n: i64) -> i64 {
    n
}

#[workflow]
async fn run(n: i64) -> i64 {
    let read = read(n).await;
    double(read).await
}

fn main() {}
