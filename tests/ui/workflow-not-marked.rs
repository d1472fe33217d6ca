// errors: 1
// A function where a type is wanted is refused before any trait is asked, so the words are rustc's.
use stepwright::testing::World;

async fn run(n: i64) -> i64 {
    n * 2
}

fn main() {
    let _ = World::of::<run>();
}
