// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    tokio::time::timeout(Duration::from_secs(1), double(n)).await.unwrap_or(0)
}

fn main() {}
