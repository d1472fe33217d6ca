// errors: 1
use stepwright::prelude::*;

#[data]
fn charge() {}

fn main() {
    charge();
}
