//! Operands are evaluated in Rust's order, steps among them.

use super::{check, data::*};

#[workflow(export = false)]
async fn changed_between(n: i64) -> i64 {
    let mut i = n;
    add(
        {
            i += 1;
            i
        },
        double(i).await,
    )
    .await
        + {
            i += 10;
            i
        } * double(i).await
}

#[test]
fn changed_between_is_the_same_in_the_engine() {
    check(|| changed_between(4));
}
