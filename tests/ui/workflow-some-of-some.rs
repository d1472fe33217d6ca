// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: Option<i64>) -> i64 {
    let found = match Some(Some(1)) {
        Some(inner) => inner == n,
        None => false,
    };
    if found { double(1).await } else { 0 }
}

fn main() {}
