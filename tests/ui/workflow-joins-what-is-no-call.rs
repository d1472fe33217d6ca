// errors: 6
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn awaited(amount: u32) -> u32 {
    let (one, other) = join!(count(amount), count(2)).await;
    one + other
}

#[workflow]
async fn awaited_inside(a: u32, b: u32) -> u32 {
    let (one, other) = join!(count(a).await, count(b));
    one + other
}

#[workflow]
async fn of_values(a: u32, b: u32) -> Result<u32, String> {
    let (one, other) = try_join!(a, b)?;
    Ok(one + other)
}

#[workflow]
async fn of_named_calls(a: u32, b: u32) -> u32 {
    let first = count(a);
    let (one, other) = join!(first, count(b));
    one + other
}

#[workflow]
async fn changes_what_is_outside(amounts: Vec<u32>) -> u32 {
    let mut total = 0;
    join_all(amounts.iter().map(async |amount| { total += count(*amount).await; })).await;
    total
}

fn main() {}
