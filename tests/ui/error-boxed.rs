// errors: 1
use stepwright::prelude::*;

#[task]
async fn charge(amount: u32) -> Result<u32, Box<dyn std::error::Error>> {
    Ok(amount)
}

#[workflow]
async fn buy(amount: u32) -> Result<u32, Box<dyn std::error::Error>> {
    let paid = charge(amount).await?;
    Ok(paid)
}

fn main() {}
