// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
#[serde(tag = "type")]
enum ChargeError {
    Declined,
}

fn main() {
    let _ = ChargeError::Declined;
}
