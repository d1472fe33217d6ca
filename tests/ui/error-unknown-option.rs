// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    #[task_error(rename = "CardDeclined")]
    Declined,
}

fn main() {
    let _ = ChargeError::Declined;
}
