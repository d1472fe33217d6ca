// errors: 3
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

mod fs {
    pub fn read(n: i64) -> i64 {
        n
    }
}

#[workflow]
async fn run(n: i64) -> i64 {
    let text = std::fs::read_to_string("rate").unwrap();
    let rate = text.len();
    let home = std::env::var("HOME").unwrap();
    let m = fs::read(n);
    double(m).await
}

fn main() {}
