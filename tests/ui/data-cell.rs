// errors: 1
use std::cell::Cell;
use stepwright::prelude::*;

#[data]
struct Counter {
    count: Cell<i64>,
}

fn main() {
    let _ = |counter: Counter| counter.count;
}
