// errors: 2
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn part_of_a_tuple(amount: u32) -> (u32, u32) {
    let pair = (count(amount).await, 2);
    pair.0 += 1;
    pair
}

#[workflow]
async fn through_a_borrow(mut amounts: Vec<u32>) -> u32 {
    let all = &mut amounts;
    all.push(1);
    count(2).await
}

fn main() {}
