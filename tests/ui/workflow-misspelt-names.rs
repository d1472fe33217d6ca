// errors: 4
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

fn half(amount: u32) -> u32 {
    amount / 2
}

#[workflow]
async fn variable(amount: u32) -> u32 {
    let more = amuont + 1;
    count(more).await
}

#[workflow]
async fn argument(amount: u32) -> u32 {
    count(amuont).await
}

#[workflow]
async fn task(amount: u32) -> u32 {
    cuont(amount).await
}

#[workflow]
async fn function(amount: u32) -> u32 {
    let less = hlaf(amount);
    count(less).await
}

fn main() {
    let _ = half(2);
}
