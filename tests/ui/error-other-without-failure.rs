// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    #[task_error(other)]
    Other(String),
}

fn main() {
    let _ = ChargeError::Other(String::new());
}
