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

#[workflow]
async fn numbered(names: Vec<String>) -> String {
    let mut out = String::new();
    for (i, name) in names.iter().enumerate() {
        let twice = double(1).await;
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(name);
        out.push_str(&format!("{twice}"));
    }
    out
}

#[test]
fn an_element_of_an_element_is_the_same_in_both_forms() {
    let runs = equivalent::<numbered>().input(json!([])).input(json!(["a", "b"])).check();
    assert_eq!(runs[1].output(), Some(&json!("a2, b2")));
}

#[task]
async fn unlike(n: i64) -> i64 {
    n
}

#[workflow(export = false)]
async fn only_here(n: i64) -> i64 {
    let parsed: i64 = unlike(n).await.to_string().parse().unwrap_or(0);
    parsed + 1
}

#[test]
fn a_workflow_that_is_not_exported_runs_in_a_world_too() {
    let run = World::of::<only_here>().unwrap().run(5).unwrap();
    assert_eq!(run.output(), Some(&json!(6)));
}

#[test]
fn a_workflow_that_is_not_exported_has_nothing_to_compare_with() {
    let found = equivalent::<only_here>().input(5).try_check().unwrap_err();
    assert_eq!(
        found.to_string(),
        "`only_here` is not exported (`export = false`), so it has one form only: run it with `World::of`"
    );
}

#[workflow(export = false)]
async fn last_word(list: Vec<Option<i64>>) -> Option<i64> {
    let twice = unlike(1).await;
    if twice > 1 {
        return None;
    }
    list.first().copied()?
}

#[test]
fn a_question_mark_may_be_the_last_word() {
    let world = World::of::<last_word>().unwrap();
    for (input, output) in
        [(json!([4]), json!(4)), (json!([null, 4]), json!(null)), (json!([]), json!(null))]
    {
        assert_eq!(world.run(input).unwrap().output(), Some(&output));
    }
}
