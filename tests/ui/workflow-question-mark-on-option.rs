// errors: 2
use stepwright::prelude::*;

#[task]
async fn predecessor(n: i64) -> Option<i64> {
    n.checked_sub(1)
}

#[workflow]
async fn twice(n: i64) -> Option<i64> {
    let one = predecessor(n).await?;
    let other = predecessor(one).await?;
    Some(other + 10)
}

fn main() {}
