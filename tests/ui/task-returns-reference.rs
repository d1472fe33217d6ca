// errors: 1
use stepwright::prelude::*;

#[task]
async fn name() -> &'static str {
    "x"
}

fn main() {}
