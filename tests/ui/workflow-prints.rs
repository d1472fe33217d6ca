// errors: 3
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    println!("doubling {n}");
    let m = dbg!(n);
    eprintln!("doubling {m}");
    double(m).await
}

fn main() {}
