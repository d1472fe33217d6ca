// errors: 9
use stepwright::prelude::*;

struct Connection(u32);

#[data]
struct Order {
    connection: Connection,
}

fn main() {
    let _ = |order: Order| order.connection.0;
}
