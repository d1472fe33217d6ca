// errors: 3
use stepwright::prelude::*;

#[task(timeout = "soon", retry)]
async fn charge((cents, currency): (u32, String)) -> u32 {
    drop(currency);
    cents
}

fn main() {}
