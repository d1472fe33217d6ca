// errors: 1
use stepwright::prelude::*;

#[task]
async fn greet(name: impl Into<String> + Send) -> String {
    name.into()
}

fn main() {}
