// errors: 1
use stepwright::prelude::*;

#[task]
struct Charge {
    cents: u32,
}

fn main() {
    let _ = |charge: Charge| charge.cents;
}
