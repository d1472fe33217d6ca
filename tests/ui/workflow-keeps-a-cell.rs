// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let cell = std::cell::Cell::new(n);
    let doubled = double(1).await;
    cell.get() + doubled
}

fn main() {}
