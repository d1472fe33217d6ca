// errors: 2
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    let begun = std::time::Instant::now();
    let doubled = double(n).await;
    if begun.elapsed().as_secs() > 60 {
        return 0;
    }
    let _ = std::time::SystemTime::now();
    doubled
}

fn main() {}
