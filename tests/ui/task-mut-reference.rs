// errors: 1
use stepwright::prelude::*;

#[task]
async fn push(list: &mut Vec<i64>) {
    list.push(1);
}

fn main() {}
