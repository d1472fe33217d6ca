// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let mutex = std::sync::Mutex::new(n);
    let guard = mutex.lock().unwrap();
    let doubled = double(1).await;
    *guard + doubled
}

fn main() {}
