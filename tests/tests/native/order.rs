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

#[workflow(export = false)]
async fn elements_raised(n: i64) -> Vec<i64> {
    let mut sums = vec![1, 2];
    let mut i = 0;
    while i < 3 {
        sums[i / 2] += double(n).await;
        i += 1;
    }
    sums[1] -= {
        i = 0;
        double(n).await + 1
    };
    *sums.last_mut().unwrap() *= double(1).await;
    sums[i] += 100;
    sums
}

#[test]
fn an_element_is_changed_by_what_is_awaited() {
    check(|| elements_raised(3));
}
