// errors: 3
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn number(amount: u32) -> u32 {
    count(amount).await.unwrap()
}

#[workflow]
async fn expected(amount: u32) -> u32 {
    let counted = count(amount).await.expect("a number");
    counted
}

#[workflow]
async fn text(name: String) -> bool {
    count(3).await;
    name.is_some()
}

fn main() {}
