// errors: 3
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    println!("{}", double(n).await);
    let later = async { n };
    double(n).await + unsafe { std::ptr::read(&n) }
}

fn main() {}
