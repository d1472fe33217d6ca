// errors: 1
use stepwright::prelude::*;

#[data]
struct Order {
    id: String,
    #[serde(skip)]
    cache: Vec<u8>,
}

fn main() {
    let _ = |order: Order| (order.id, order.cache);
}
