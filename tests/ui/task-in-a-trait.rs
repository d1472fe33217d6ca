// errors: 1
use stepwright::prelude::*;

trait Prices {
    #[task]
    async fn price(&self, sku: String) -> u32;
}

fn main() {}
