// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined,
}

#[data]
#[derive(TaskError)]
enum OrderError {
    Charge {
        #[from]
        source: ChargeError,
    },
}

fn main() {
    let _ = OrderError::Charge { source: ChargeError::Declined };
}
