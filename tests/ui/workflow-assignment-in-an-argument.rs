// errors: 1
use stepwright::prelude::*;

#[task]
async fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[workflow]
async fn counted(n: i64) -> i64 {
    let mut x = n;
    add({ x += 1; x }, x).await + x
}

fn main() {}
