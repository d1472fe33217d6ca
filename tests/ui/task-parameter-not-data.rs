// errors: 1
use stepwright::prelude::*;

struct Connection(u32);

#[task]
async fn charge(connection: &Connection, cents: u32) -> u32 {
    connection.0 + cents
}

fn main() {}
