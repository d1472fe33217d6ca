// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn run(n: i64) -> i64 {
    let mut total = n;
    let ((), _) = join!(
        async {
            total += double(1).await;
        },
        double(2)
    );
    total
}

fn main() {}
