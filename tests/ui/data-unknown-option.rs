// errors: 2
use stepwright::prelude::*;

#[data(without(Serialize), camel_case)]
struct Order {
    id: String,
}

fn main() {
    let _ = |order: Order| order.id;
}
