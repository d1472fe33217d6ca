// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    tokio::select! {
        doubled = double(n) => doubled,
        () = sleep(Duration::from_secs(1)) => 0,
    }
}

fn main() {}
