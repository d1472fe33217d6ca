// errors: 1
use stepwright::prelude::*;

#[data]
struct Answer {
    value: Option<Option<i64>>,
}

fn main() {
    let _ = |answer: Answer| answer.value;
}
