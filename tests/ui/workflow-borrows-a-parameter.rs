// errors: 4
use stepwright::prelude::*;

#[task]
async fn count(amount: u32) -> u32 {
    amount
}

#[data]
struct Order {
    total: u32,
}

#[workflow]
async fn of_data(order: &Order) -> u32 {
    count(order.total).await
}

#[workflow]
async fn of_text(name: &str) -> u32 {
    count(name.len() as u32).await
}

#[workflow]
async fn of_a_list(names: &[String]) -> u32 {
    count(names.len() as u32).await
}

#[workflow]
async fn to_change(names: &mut Vec<String>) -> u32 {
    count(names.len() as u32).await
}

fn main() {
    let _ = stepwright::Engine::builder().workflow::<of_data>().workflow::<of_text>();
}
