// errors: 4
use stepwright::prelude::*;

#[task]
#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[task]
#[workflow]
async fn both(amount: u32) -> u32 {
    amount
}

#[workflow]
#[stepwright::workflow]
async fn buy(amount: u32) -> u32 {
    count(amount).await
}

#[data]
#[data]
struct Order {
    total: u32,
}

fn main() {
    let _ = |order: Order| order.total;
}
