// errors: 1
use stepwright::prelude::*;

#[data]
struct Parcel {
    kind: String,
}

#[data]
#[serde(tag = "kind")]
enum Thing {
    Parcel(Parcel),
    Nothing,
}

fn main() {
    let _ = [Thing::Nothing, Thing::Parcel(Parcel { kind: String::new() })];
}
