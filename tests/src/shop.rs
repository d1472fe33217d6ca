//! A small shop, for the tests of the command line: the binary `shop` runs it.

use std::future::ready;
use stepwright::prelude::*;

/// What is bought.
#[data]
pub struct Order {
    /// Its number.
    pub id: String,
    /// What it costs; 13 is declined.
    pub total: f64,
}

/// Why the gateway did not charge.
#[data]
#[derive(TaskError)]
pub enum ChargeError {
    /// The card is no good.
    CardDeclined {
        /// The gateway's reason.
        code: u16,
    },
    /// Try again.
    GatewayDown,
}

/// Charges; declines a total of 13, and is down at the first attempt for a total of 14.
#[task(retry(on = [GatewayDown], interval = "1s", max_attempts = 2))]
pub async fn charge(ctx: &TaskContext, order: &Order) -> Result<String, ChargeError> {
    // Where a shop of bricks would call its gateway.
    ready(()).await;
    match order.total {
        13.0 => Err(ChargeError::CardDeclined { code: 51 }),
        14.0 if ctx.attempt() == 1 => Err(ChargeError::GatewayDown),
        _ => Ok(format!("receipt of {}", order.id)),
    }
}

/// Packs what was bought.
#[task]
pub async fn pack(item: u32) -> String {
    ready(format!("box {item}")).await
}

/// Charges, waits, packs two boxes.
#[workflow]
pub async fn buy(order: Order) -> Result<String, ChargeError> {
    let receipt = charge(&order).await?;
    sleep(Duration::from_secs(1)).await;
    let items = vec![1, 2];
    let _boxes = join_all(items.iter().map(|item| pack(*item))).await;
    Ok(receipt)
}
