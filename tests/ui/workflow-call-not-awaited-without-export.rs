// errors: 4
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn child(n: i64) -> i64 {
    double(n).await
}

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let a = double(n);
    sleep(Duration::from_secs(1));
    if n > 3 {
        child(n).timeout(Duration::from_secs(5));
    }
    let _ = child(n);
    double(n).await
}

fn main() {}
