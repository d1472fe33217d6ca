// errors: 1
use stepwright::prelude::*;

#[task]
async fn greet(name: Option<&str>) -> bool {
    name.is_some()
}

fn main() {}
