//! Mistakes in a workflow's body: each is reported once, all are reported.

use super::{expanded, mistakes};
use insta::assert_snapshot;

#[test]
fn all_mistakes_are_reported() {
    assert_snapshot!(mistakes(
        "async fn run(n: i64) -> i64 {
            let p = unsafe { *pointer };
            let f = async { double(1).await };
            let t = tokio::time::timeout(d, double(n)).await;
            select! { x = double(1) => x }
            match n { x if is_ready(x).await => 1, _ => 2 }
        }"
    ), @r"
    `unsafe` is not allowed in a workflow
      help: move it into a `#[task]`
    tokio's `timeout` can't bound a durable step
      help: give the limit to the call: `task(..).timeout(duration).await`
    `select!` is not supported in a workflow
      help: bound a call with `.timeout(duration)`, or wait for all with `join!`
    an `async` block can't stand here in a workflow
      help: it may be a branch of `join!` or `try_join!`, or the body of a mapped closure
    a match guard can't await
      help: await before the `match`, or in the arm
    ");
}

#[test]
fn a_branch_can_t_change_an_outer_local() {
    assert_snapshot!(mistakes(
        "async fn run(n: i64) -> i64 {
            let mut total = 0;
            join!(async { total += double(1).await; }, double(2));
            total
        }"
    ), @r"
    a concurrent branch can't change `total`, which belongs to the enclosing workflow
      help: return the value from the branch instead
    ");
}

#[test]
fn a_call_in_a_macro_can_t_be_seen() {
    assert_snapshot!(mistakes("async fn run(n: i64) { println!(\"{}\", double(n).await); }"), @r"
    `.await` inside a macro call can't be seen by `#[workflow]`
      help: bind the result with `let` first
    ");
}

#[test]
fn a_map_needs_calls_over_items() {
    assert_snapshot!(mistakes("async fn run(n: i64) { join_all(calls).await; }"), @r"
    `join_all` needs calls over the items of a list here
      help: write `items.iter().map(|item| task(item))` as its argument
    ");
}

#[test]
fn an_endless_for_and_a_cfg_are_refused() {
    assert_snapshot!(mistakes(
        "async fn run(n: i64) {
            for attempt in (1..).step_by(2) { double(attempt).await; }
            for attempt in (1..).take(3) { double(attempt).await; }
            #[cfg(test)]
            double(n).await;
        }"
    ), @r"
    a `for` with steps can't walk an endless range
      help: count in a `loop`, or give the range an end
    `#[cfg]` can't stand inside a workflow
      help: put it on the workflow, or test `cfg!(..)` in the body
    ");
}

#[test]
fn the_function_is_still_there_after_a_mistake() {
    let text = expanded("", "async fn run(n: i64) -> i64 { unsafe { f(n) } }").to_string();
    for part in ["unsafe { f (n) }", "fn run (n : i64)", "struct run", "Workflow for run"] {
        assert!(text.contains(part), "{part} is missing in {text}");
    }
}

#[test]
fn an_item_that_does_not_parse_is_left_to_rustc() {
    let text = expanded("", "async fn run(n: i64) -> i64 { let x = ; n }").to_string();
    assert_eq!(text, "async fn run (n : i64) -> i64 { let x = ; n }");
}
