// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    #[task_error(name = "States.Timeout")]
    Slow,
}

fn main() {
    let _ = ChargeError::Slow;
}
