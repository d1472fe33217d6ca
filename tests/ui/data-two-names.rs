// errors: 1
use stepwright::prelude::*;

#[data]
struct Order {
    #[serde(rename(serialize = "id", deserialize = "orderId"))]
    order_id: String,
}

fn main() {
    let _ = |order: Order| order.order_id;
}
