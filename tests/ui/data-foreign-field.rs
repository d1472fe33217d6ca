// errors: 9
// serde's and std's own derives report the type too; our message stands first
use stepwright::prelude::*;

struct Connection(u32);

#[data]
struct Order {
    connection: Connection,
}

fn main() {
    let _ = |order: Order| order.connection.0;
}
