// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    let total = std::sync::Mutex::new(n);
    let guard = total.lock().unwrap();
    let doubled = double(*guard).await;
    doubled + *guard
}

fn main() {}
