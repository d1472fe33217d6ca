// errors: 4
use std::collections::{HashMap, HashSet};
use stepwright::prelude::*;

#[data]
struct Order {
    counts: HashMap<String, Vec<i64>>,
    tags: HashSet<String>,
}

#[task]
async fn total(counts: Vec<HashMap<String, i64>>) -> i64 {
    counts.iter().flat_map(HashMap::values).sum()
}

#[workflow]
async fn run(n: i64) -> Option<HashMap<String, i64>> {
    if n > 1 { None } else { None }
}

#[task]
async fn weigh(order: &Order) -> usize {
    order.counts.len() + order.tags.len()
}

#[workflow]
async fn weigh_all(orders: Vec<Order>) -> usize {
    let mut all = 0;
    for order in &orders {
        all += weigh(order).await;
    }
    all
}

fn main() {}
