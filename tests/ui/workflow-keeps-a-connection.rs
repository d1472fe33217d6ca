// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

struct Connection(i64);

#[workflow(export = false)]
async fn run(n: i64) -> i64 {
    let connection = Connection(n);
    let doubled = double(n).await;
    doubled + connection.0
}

fn main() {}
