// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined,
    #[task_error(name = "Declined")]
    Refused,
}

fn main() {
    let _ = [ChargeError::Declined, ChargeError::Refused];
}
