// errors: 1
use stepwright::prelude::*;

#[derive(TaskError)]
enum ChargeError {
    Declined,
}

fn main() {
    let _ = ChargeError::Declined;
}
