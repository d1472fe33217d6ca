// errors: 2
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

fn triple(n: i64) -> i64 {
    n * 3
}

#[workflow]
async fn exported(n: i64) -> i64 {
    let tripled = triple(n).await;
    double(tripled).await
}

#[workflow(export = false)]
async fn local(n: i64) -> i64 {
    let tripled: i64 = triple(n).await;
    double(tripled).await
}

fn main() {}
