// errors: 1
use stepwright::prelude::*;

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[data]
enum Kind {
    Digital,
    Physical,
}

#[workflow]
async fn run(kind: Kind) -> i64 {
    match kind {
        Kind::Digital => double(1).await,
    }
}

fn main() {
    let _ = Kind::Physical;
}
