// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    match n {
        x if double(x).await > 3 => 1,
        _ => 2,
    }
}

fn main() {}
