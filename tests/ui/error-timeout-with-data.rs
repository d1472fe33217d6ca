// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    #[task_error(timeout)]
    Slow { seconds: u32 },
}

fn main() {
    let _ = ChargeError::Slow { seconds: 1 };
}
