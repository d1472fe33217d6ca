//! The examples of the guide's page on testing, as they stand there.

use stepwright::prelude::*;

#[data]
struct Order {
    id: String,
    total: f64,
}

#[data]
struct Receipt {
    id: String,
}

#[data]
#[derive(TaskError)]
enum ChargeError {
    CardDeclined { code: u16 },
    GatewayDown,
}

#[task(retry(on = [GatewayDown], interval = "1s", max_attempts = 2))]
async fn charge(order: &Order) -> Result<Receipt, ChargeError> {
    match order.total {
        total if total > 1000.0 => Err(ChargeError::CardDeclined { code: 51 }),
        _ => Ok(Receipt { id: order.id.clone() }),
    }
}

#[task]
async fn print_label(order: &Order, receipt: &Receipt) -> String {
    format!("{} paid by {}", order.id, receipt.id)
}

#[workflow]
async fn fulfil(order: Order) -> Result<String, ChargeError> {
    let receipt = charge(&order).await?;
    Ok(print_label(&order, &receipt).await)
}

#[tokio::test]
async fn a_declined_card_is_an_error() {
    let order = Order { id: "order-41".to_owned(), total: 5000.0 };
    assert!(fulfil(order).await.is_err());
}

use serde_json::json;
use stepwright::testing::{Answer, Doubles, World, WorldError, equivalent};

#[test]
fn a_gateway_that_comes_back_is_charged_once() -> Result<(), WorldError> {
    let doubles = Doubles::new().task("charge", |call| match call.attempt {
        1 => Answer::error(&ChargeError::GatewayDown).after(Duration::from_secs(20)),
        _ => Answer::ok(json!({ "id": "r-1" })),
    });
    let world = World::of::<fulfil>()?.doubles(doubles);
    let run = world.run(json!({ "id": "order-42", "total": 12.5 }))?;
    assert_eq!(run.states(), ["charge", "print_label"]);
    assert_eq!(run.calls.len(), 3);
    assert_eq!(run.output(), Some(&json!("order-42 paid by r-1")));
    Ok(())
}

#[test]
fn fulfil_does_the_same_on_aws() {
    let small = json!({ "id": "order-42", "total": 12.5 });
    let large = json!({ "id": "order-43", "total": 5000 });
    equivalent::<fulfil>().input(small.clone()).input(large).check();

    let declined = Doubles::new()
        .task("charge", |_call| Answer::error(&ChargeError::CardDeclined { code: 7 }));
    equivalent::<fulfil>().doubles(declined).input(small).check();
}

#[test]
fn the_guide_shows_what_runs_here() {
    let page = include_str!("../../../docs/guide/testing.md");
    let here = include_str!("guide.rs");
    let blocks: Vec<_> = page.split("```rust,ignore\n").skip(1).collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let (code, _) = block.split_once("```").unwrap();
        assert!(here.contains(code), "not here:\n{code}");
    }
}
