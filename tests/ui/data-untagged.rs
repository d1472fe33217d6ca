// errors: 1
use stepwright::prelude::*;

#[data]
#[serde(untagged)]
enum Amount {
    Whole(i64),
    Part(f64),
}

fn main() {
    let _ = [Amount::Whole(1), Amount::Part(0.5)];
}
