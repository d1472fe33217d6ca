// errors: 4
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[workflow]
async fn unread(amounts: Vec<u32>) -> u32 {
    let all = join_all(amounts.iter().map(|amount| count(*amount)));
    count(1).await
}

#[workflow]
async fn read(amounts: Vec<u32>) -> u32 {
    let all = join_all(amounts.iter().map(|amount| count(*amount)));
    let counted = all.len() as u32;
    count(counted).await
}

#[workflow]
async fn in_a_closure(amounts: Vec<u32>) -> u32 {
    let all: Vec<u32> = amounts.iter().map(|amount| count(*amount).await).collect();
    all.len() as u32
}

#[workflow]
async fn tried(amount: u32) -> Result<u32, String> {
    let counted = count(amount)?;
    Ok(counted)
}

fn main() {}
