// errors: 1
use stepwright::prelude::*;

#[task]
async fn store<T: Send + 'static>(value: T) -> bool {
    drop(value);
    true
}

fn main() {}
