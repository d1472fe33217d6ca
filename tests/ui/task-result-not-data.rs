// errors: 1
use stepwright::prelude::*;

struct Connection(u32);

#[task]
async fn connect(port: u32) -> Connection {
    Connection(port)
}

fn main() {
    let _ = |connection: Connection| connection.0;
}
