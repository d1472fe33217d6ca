// errors: 1
use stepwright::prelude::*;

#[data]
#[derive(TaskError)]
enum ChargeError<T> {
    Declined(T),
}

fn main() {
    let _ = ChargeError::Declined(1);
}
