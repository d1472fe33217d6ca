// errors: 2
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn pause(amount: u32) -> u32 {
    sleep(2).await;
    count(amount).await
}

#[workflow]
async fn until(amount: u32) -> u32 {
    sleep_until(2).await;
    count(amount).await
}

fn main() {}
