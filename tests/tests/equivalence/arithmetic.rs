//! Expressions that fail: the same failure in both forms, never a silent difference, and nothing
//! retries or catches it.

use super::*;

#[workflow]
async fn overflow_between(a: i64, b: i64) -> i64 {
    double((a * b) % 1000).await
}

#[test]
fn an_overflow_in_between_is_a_failure() {
    check::<overflow_between>(
        json!({"a": 3_000_000_000_i64, "b": 3_000_000_000_i64}),
        json!([]),
        End::Breaks,
    );
    check::<overflow_between>(
        json!({"a": 30_001, "b": 30_001}),
        json!([["double", {"n": 1}]]),
        End::Output(json!(2)),
    );
}

#[workflow]
async fn narrow(a: u8, b: u8) -> u8 {
    let sum = a + b;
    double(i64::from(sum)).await;
    sum
}

#[test]
fn a_narrow_type_keeps_its_range() {
    check::<narrow>(
        json!({"a": 200, "b": 55}),
        json!([["double", {"n": 255}]]),
        End::Output(json!(255)),
    );
    check::<narrow>(json!({"a": 200, "b": 56}), json!([]), End::Breaks);
}

#[workflow]
async fn before(xs: Vec<i64>, i: usize) -> i64 {
    double(xs[i - 1]).await
}

#[test]
fn the_item_before_the_first_is_not_the_last() {
    check::<before>(
        json!({"xs": [4, 5], "i": 1}),
        json!([["double", {"n": 4}]]),
        End::Output(json!(8)),
    );
    check::<before>(json!({"xs": [4, 5], "i": 0}), json!([]), End::Breaks);
    check::<before>(json!({"xs": [4, 5], "i": 3}), json!([]), End::Breaks);
}

#[workflow]
async fn compared(xs: Vec<i64>) -> bool {
    let d = double(1).await;
    xs[9] == d
}

#[test]
fn a_comparison_with_a_missing_item_is_not_false() {
    check::<compared>(json!([1]), json!([["double", {"n": 1}]]), End::Breaks);
}

#[workflow]
async fn divided(a: i64, b: i64) -> i64 {
    let d = double(a / b).await;
    d % b
}

#[test]
fn a_division_by_zero_is_a_failure_and_others_truncate() {
    check::<divided>(json!({"a": 7, "b": 0}), json!([]), End::Breaks);
    check::<divided>(
        json!({"a": -7, "b": 4}),
        json!([["double", {"n": -1}]]),
        End::Output(json!(-2)),
    );
}

#[workflow]
async fn index_after_retry(xs: Vec<u32>, downs: u32) -> Result<u32, FlowError> {
    let attempts = knock(downs).await?;
    let x = xs[5];
    Ok(add(i64::from(attempts), i64::from(x)).await as u32)
}

#[test]
fn a_failing_index_after_a_retried_task_does_not_repeat_the_task() {
    check::<index_after_retry>(
        json!({"xs": [1], "downs": 1}),
        json!([["knock", {"downs": 1}], ["knock", {"downs": 1}]]),
        End::Breaks,
    );
}

#[workflow]
async fn index_in_caught(order: Order, xs: Vec<i64>) -> i64 {
    match charge(&order).await {
        Ok(receipt) => xs[receipt.no as usize],
        Err(_) => -1,
    }
}

#[test]
fn a_catcher_of_all_errors_does_not_catch_a_failing_expression() {
    let fine = order(5, &physical());
    check::<index_in_caught>(
        json!({"order": fine, "xs": [0]}),
        json!([["charge", {"order": fine}]]),
        End::Breaks,
    );
    let down = order(-1, &physical());
    check::<index_in_caught>(
        json!({"order": down, "xs": [0]}),
        json!([["charge", {"order": down}]]),
        End::Output(json!(-1)),
    );
}

#[workflow]
async fn not_a_number(a: f64, b: f64) -> f64 {
    let ratio = a / b;
    double(1).await;
    ratio
}

#[test]
fn what_is_not_a_number_cannot_be_stored() {
    check::<not_a_number>(
        json!({"a": 3.0, "b": 2}),
        json!([["double", {"n": 1}]]),
        End::Output(json!(1.5)),
    );
    check::<not_a_number>(json!({"a": 0.0, "b": 0}), json!([]), End::Breaks);
    check::<not_a_number>(json!({"a": 1.0, "b": 0}), json!([]), End::Breaks);
}

#[workflow]
async fn beyond_exact(n: i64) -> i64 {
    let m = n + 1;
    double(1).await;
    m
}

#[test]
fn an_integer_that_json_cannot_hold_exactly_is_a_failure() {
    let largest = (1_i64 << 53) - 1;
    check::<beyond_exact>(
        json!(largest - 1),
        json!([["double", {"n": 1}]]),
        End::Output(json!(largest)),
    );
    check::<beyond_exact>(json!(largest), json!([]), End::Breaks);
}

#[workflow]
async fn cast(n: i64) -> u8 {
    let d = double(n).await;
    d as u8
}

#[test]
fn a_cast_that_loses_digits_is_a_failure() {
    check::<cast>(json!(127), json!([["double", {"n": 127}]]), End::Output(json!(254)));
    check::<cast>(json!(128), json!([["double", {"n": 128}]]), End::Breaks);
    check::<cast>(json!(-1), json!([["double", {"n": -1}]]), End::Breaks);
}
