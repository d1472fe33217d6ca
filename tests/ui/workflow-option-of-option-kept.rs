// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow(export = false)]
async fn run(n: i64) -> bool {
    let kept = Some(if n > 1 { Some(n) } else { None });
    let doubled = double(n).await;
    kept.is_some() && doubled > 1
}

fn main() {}
