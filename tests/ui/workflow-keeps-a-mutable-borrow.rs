// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(mut n: i64) -> i64 {
    let place = &mut n;
    let doubled = double(1).await;
    *place += doubled;
    n
}

fn main() {}
