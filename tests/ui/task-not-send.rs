// errors: 1
use std::rc::Rc;
use stepwright::prelude::*;

#[task]
async fn charge(cents: u32) -> u32 {
    let shared = Rc::new(cents);
    sleep(Duration::from_secs(1)).await;
    *shared
}

fn main() {}
