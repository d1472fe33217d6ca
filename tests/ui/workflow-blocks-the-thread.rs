// errors: 2
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn exported(n: i64) -> i64 {
    std::thread::sleep(Duration::from_secs(60));
    double(n).await
}

#[workflow(export = false)]
async fn local(n: i64) -> i64 {
    std::thread::sleep(Duration::from_secs(60));
    double(n).await
}

fn main() {}
