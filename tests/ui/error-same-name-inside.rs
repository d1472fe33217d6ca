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
    Declined,
    Charge(#[from] ChargeError),
}

fn main() {
    let _ = [OrderError::Declined, OrderError::Charge(ChargeError::Declined)];
}
