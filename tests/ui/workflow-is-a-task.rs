// errors: 1
use stepwright::{prelude::*, testing::World};

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

fn main() {
    let _ = World::of::<double>();
}
