//! Workflows that await workflows.

use super::*;

#[workflow]
async fn child(order: Order) -> Result<i64, FlowError> {
    let receipt = charge(&order).await?;
    Ok(receipt.no + 1)
}

#[workflow]
async fn child_of_two(a: i64, b: i64) -> i64 {
    add(a, b).await
}

#[workflow]
async fn parent(order: Order) -> Result<i64, FlowError> {
    let n = child(order).await?;
    let m = child_of_two(n, 10).await;
    Ok(double(m).await)
}

#[test]
fn a_child_gives_its_output() {
    let fine = order(5, &physical());
    check::<parent>(
        fine.clone(),
        json!([["charge", {"order": fine}], ["add", {"a": 6, "b": 10}], ["double", {"n": 16}]]),
        End::Output(json!(32)),
    );
}

#[test]
fn a_failing_child_fails_its_parent_by_its_error() {
    let declined = order(5000, &physical());
    check::<parent>(
        declined.clone(),
        json!([["charge", {"order": declined}]]),
        error("Declined", json!({"Declined": {"code": 51}})),
    );
}

#[workflow]
async fn countdown(n: i64) -> i64 {
    if n == 0 {
        return 0;
    }
    let d = double(n).await;
    countdown(n - 1).await + d
}

#[test]
fn a_workflow_may_call_itself() {
    check::<countdown>(
        json!(2),
        json!([["double", {"n": 2}], ["double", {"n": 1}]]),
        End::Output(json!(6)),
    );
}

#[workflow]
async fn greeting(name: String) -> String {
    deliver(&name).await
}

#[workflow]
async fn doubled(n: Option<i64>) -> Option<i64> {
    match n {
        Some(n) => Some(double(n).await),
        None => None,
    }
}

#[workflow]
async fn greets(name: String) -> String {
    greeting(name).await
}

#[workflow]
async fn asks(n: Option<i64>) -> Option<i64> {
    doubled(n).await
}

#[test]
fn a_text_and_nothing_reach_a_child_as_they_are() {
    for name in ["Bob", "5", "null", "\"[x]\"", "", "a\nb \\ é"] {
        check::<greets>(
            json!(name),
            json!([["deliver", {"url": name}]]),
            End::Output(json!(format!("sent:{name}"))),
        );
    }
    check::<asks>(json!(null), json!([]), End::Output(json!(null)));
    check::<asks>(json!(3), json!([["double", {"n": 3}]]), End::Output(json!(6)));
}
