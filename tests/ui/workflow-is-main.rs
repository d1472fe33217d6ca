// errors: 1
use stepwright::prelude::*;

#[workflow]
async fn main() {
    sleep(Duration::from_secs(1)).await;
}
