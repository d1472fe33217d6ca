// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
fn run(n: i64) -> i64 {
    n
}

fn main() {
    let _ = double(1);
}
