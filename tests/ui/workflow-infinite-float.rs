// errors: 1
use stepwright::prelude::*;

#[task]
async fn prices() -> Vec<f64> {
    vec![1.0]
}

#[workflow]
async fn least() -> f64 {
    let mut least = f64::INFINITY;
    for price in prices().await {
        if price < least {
            least = price;
        }
    }
    least
}

fn main() {}
