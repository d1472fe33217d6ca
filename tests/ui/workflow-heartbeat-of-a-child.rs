// errors: 1
//! A child sends no heartbeats.

use std::time::Duration;
use stepwright::{task, workflow};

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn child(n: i64) -> i64 {
    double(n).await
}

#[workflow]
async fn flow(n: i64) -> i64 {
    let n = double(n).heartbeat(Duration::from_secs(5)).await;
    child(n).heartbeat(Duration::from_secs(5)).await
}

fn main() {}
