// errors: 1
use stepwright::prelude::*;

struct Till;

impl Till {
    #[task]
    async fn charge(&self, cents: u32) -> u32 {
        cents
    }
}

fn main() {}
