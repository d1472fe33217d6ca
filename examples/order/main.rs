//! An order, from the till to the courier: branches, a caught error, retries, a map over the items,
//! a parallel part, and a loop that polls.
//!
//! ```console
//! $ cargo run -p stepwright-examples --example order -- run fulfil --input examples/order/input.json
//! ```
//!
//! Kill it at any moment and run it again: it goes on from the last stored state. What the tasks do
//! is to be seen in the folder `order-shop` (or the one that `ORDER_SHOP` names).

mod shop;

use shop::Shop;
use stepwright::prelude::*;

#[data]
struct Order {
    id: String,
    card: String,
    items: Vec<Item>,
    total: f64,
}

#[data]
struct Item {
    sku: String,
    quantity: u32,
}

#[data]
struct Receipt {
    order: String,
    amount: f64,
}

#[data]
struct Reservation {
    sku: String,
    left: u32,
}

#[data]
struct CourierStatus {
    collected: bool,
    calls: u32,
}

#[data]
struct Shipment {
    carrier: String,
    label: String,
    invoice: String,
    reserved: Vec<Reservation>,
    calls: u32,
}

#[data]
#[derive(TaskError)]
enum ChargeError {
    CardDeclined { code: u16 },
    GatewayDown,
}

#[data]
#[derive(TaskError)]
enum StockError {
    OutOfStock { sku: String },
}

#[data]
#[derive(TaskError)]
enum OfficeError {
    PrinterJam,
}

#[data]
#[derive(TaskError)]
enum CourierError {
    FullyBooked,
}

#[data]
#[derive(TaskError)]
enum OrderError {
    NotApproved,
    Declined { code: u16 },
    Charge(#[from] ChargeError),
    Stock(#[from] StockError),
    Office(#[from] OfficeError),
}

/// Large orders need a second pair of eyes; ours look at the total only.
#[task(timeout = "10s")]
async fn approve(#[state] shop: &Shop, order_id: &str, total: f64) -> bool {
    sleep(Duration::from_millis(80)).await;
    shop.note("approve", order_id);
    total < 10_000.0
}

/// The gateway is down at every first attempt, and declines the cards that end in 0.
#[task(
    retry(on = [GatewayDown], interval = "1s", max_attempts = 4, backoff = 2.0),
    timeout = "30s",
    heartbeat = "10s"
)]
async fn charge(
    ctx: &TaskContext,
    #[state] shop: &Shop,
    order: &Order,
) -> Result<Receipt, ChargeError> {
    sleep(Duration::from_millis(80)).await;
    if ctx.attempt() == 1 {
        return Err(ChargeError::GatewayDown);
    }
    if order.card.ends_with('0') {
        return Err(ChargeError::CardDeclined { code: 51 });
    }
    shop.charge(ctx.idempotency_key(), &order.id, order.total);
    Ok(Receipt { order: order.id.clone(), amount: order.total })
}

#[task]
async fn refund(ctx: &TaskContext, #[state] shop: &Shop, receipt: &Receipt) {
    sleep(Duration::from_millis(80)).await;
    shop.charge(ctx.idempotency_key(), &receipt.order, -receipt.amount);
}

#[task]
async fn reserve(
    ctx: &TaskContext,
    #[state] shop: &Shop,
    item: &Item,
) -> Result<Reservation, StockError> {
    sleep(Duration::from_millis(80)).await;
    match shop.reserve(ctx.idempotency_key(), &item.sku, item.quantity) {
        Some(left) => Ok(Reservation { sku: item.sku.clone(), left }),
        None => Err(StockError::OutOfStock { sku: item.sku.clone() }),
    }
}

#[task(retry(on = [PrinterJam], interval = "1s", max_attempts = 2))]
async fn print_label(#[state] shop: &Shop, order_id: &str) -> Result<String, OfficeError> {
    sleep(Duration::from_millis(120)).await;
    shop.print(&format!("label-{order_id}.txt"), &format!("To: the customer of {order_id}\n"))
        .map_err(|_| OfficeError::PrinterJam)
}

#[task(retry(on = [PrinterJam], interval = "1s", max_attempts = 2))]
async fn write_invoice(#[state] shop: &Shop, receipt: &Receipt) -> Result<String, OfficeError> {
    sleep(Duration::from_millis(60)).await;
    let Receipt { order, amount } = receipt;
    shop.print(&format!("invoice-{order}.txt"), &format!("Paid for {order}: {amount:.2}\n"))
        .map_err(|_| OfficeError::PrinterJam)
}

/// The courier has no van for more than two kinds of items.
#[task]
async fn book_courier(
    #[state] shop: &Shop,
    label: &str,
    kinds: usize,
) -> Result<String, CourierError> {
    sleep(Duration::from_millis(80)).await;
    if kinds > 2 {
        return Err(CourierError::FullyBooked);
    }
    shop.note("book_courier", label);
    Ok("courier".to_owned())
}

#[task]
async fn book_post(#[state] shop: &Shop, label: &str) -> String {
    sleep(Duration::from_millis(80)).await;
    shop.note("book_post", label);
    "post".to_owned()
}

/// The parcel is collected at the third call.
#[task]
async fn courier_status(ctx: &TaskContext, #[state] shop: &Shop, label: &str) -> CourierStatus {
    sleep(Duration::from_millis(40)).await;
    let calls = shop.call(ctx.idempotency_key(), label);
    CourierStatus { collected: calls >= 3, calls }
}

/// Takes an order from the till to the courier.
#[workflow]
async fn fulfil(order: Order) -> Result<Shipment, OrderError> {
    if order.total > 1000.0 {
        let approved = approve(&order.id, order.total).await;
        if !approved {
            return Err(OrderError::NotApproved);
        }
    }
    let receipt = match charge(&order).await {
        Ok(receipt) => receipt,
        Err(ChargeError::CardDeclined { code }) => return Err(OrderError::Declined { code }),
        Err(error) => return Err(error.into()),
    };
    let reserved = match try_join_all(order.items.iter().map(|item| reserve(item))).await {
        Ok(reserved) => reserved,
        Err(error) => {
            refund(&receipt).await;
            return Err(error.into());
        }
    };
    let (label, invoice) = try_join!(print_label(&order.id), write_invoice(&receipt))?;
    let carrier = match book_courier(&label, order.items.len()).await {
        Ok(carrier) => carrier,
        Err(CourierError::FullyBooked) => book_post(&label).await,
    };
    let mut status = courier_status(&label).await;
    while !status.collected {
        sleep(Duration::from_secs(1)).await;
        status = courier_status(&label).await;
    }
    Ok(Shipment { carrier, label, invoice, reserved, calls: status.calls })
}

fn main() -> ExitCode {
    let folder = std::env::var_os("ORDER_SHOP").unwrap_or_else(|| "order-shop".into());
    stepwright::App::new().state(Shop::open(folder.into())).workflow::<fulfil>().run()
}
