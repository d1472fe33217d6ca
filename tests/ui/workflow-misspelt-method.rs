// errors: 5
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

fn half(amount: u32) -> u32 {
    amount / 2
}

#[workflow]
async fn method(name: String) -> u32 {
    if name.is_emtpy() { 0 } else { count(1).await }
}

#[workflow]
async fn beside_another_mistake(name: String) -> u32 {
    println!("{name}");
    if name.is_emtpy() { 0 } else { count(1).await }
}

#[workflow]
async fn known_but_not_exported(amount: u32) -> u32 {
    println!("{amount}");
    count(half(amount)).await
}

fn main() {}
