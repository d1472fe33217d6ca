//! The native form of a workflow beside its exported one.

use serde_json::json;
use stepwright::{
    prelude::*,
    testing::{Answer, Doubles, World, equivalent},
};

#[task]
async fn double(n: i64) -> i64 {
    n * 2
}

#[workflow]
async fn twice(n: i64) -> i64 {
    let once = double(n).await;
    double(once).await
}

#[test]
fn both_forms_do_the_same_with_the_tasks_own_code() {
    let runs = equivalent::<twice>().input(3).input(-4).check();
    assert_eq!(runs[0].output(), Some(&json!(12)));
    assert_eq!(runs[0].states(), ["double", "double_2"]);
    assert_eq!(runs[1].output(), Some(&json!(-16)));
}

#[test]
fn doubles_answer_in_both_forms() {
    let doubles = Doubles::new().task("double", |call| Answer::ok(call.earlier));
    let runs = equivalent::<twice>().doubles(doubles).input(3).check();
    assert_eq!(runs[0].output(), Some(&json!(1)));
    assert_eq!(runs[0].calls[1].arguments, json!({ "n": 0 }));
}

#[test]
fn a_workflow_by_its_type_runs_in_a_world() {
    let run = World::of::<twice>().unwrap().run(5).unwrap();
    assert_eq!(run.output(), Some(&json!(20)));
}
