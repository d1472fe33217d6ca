//! Tasks called directly, and run by name as the engine does it.

use serde_json::{Value, json};
use std::{sync::Arc, sync::Mutex, time::Duration};
use stepwright::{
    Failure,
    prelude::*,
    workflow::{Cancellation, DurableCall as _, Numbers, Op, Task, TaskFacts},
};

#[data]
struct Item {
    price: f64,
}

#[data]
struct Order {
    id: String,
    items: Vec<Item>,
}

#[data]
#[derive(TaskError)]
enum ChargeError {
    Declined { code: u16 },
}

struct Prefix(&'static str);

/// The sum, with a prefix.
#[task]
async fn charge(
    ctx: &TaskContext,
    #[state] prefix: &Prefix,
    order: &Order,
    mut note: String,
) -> Result<String, ChargeError> {
    let sum: f64 = order.items.iter().map(|item| item.price).sum();
    if sum > 100.0 {
        return Err(ChargeError::Declined { code: 51 });
    }
    note.push_str(&order.id);
    Ok(format!("{} {note} {sum} {}", prefix.0, ctx.attempt()))
}

#[task(blocking)]
fn count(words: &[String], text: &str) -> usize {
    words.iter().filter(|word| *word == text).count()
}

#[task]
async fn beats(ctx: &TaskContext) -> bool {
    ctx.heartbeat(json!({"done": 3}));
    ctx.cancellation().is_cancelled()
}

#[task]
async fn optional(note: Option<String>, count: u32) -> String {
    format!("{note:?} {count}")
}

#[task]
async fn nan() -> f64 {
    f64::NAN
}

fn order() -> Order {
    Order { id: "o-1".into(), items: vec![Item { price: 1.5 }, Item { price: 2.0 }] }
}

fn context() -> TaskContext {
    TaskContext::new(
        TaskFacts { attempt: 2, ..TaskFacts::default() },
        State::new().with(Prefix("run")),
        Arc::new(|_| {}),
        Cancellation::never(),
    )
}

async fn run<T: Task>(_: fn() -> T, arguments: Value) -> Result<Value, Failure> {
    let task = T::task();
    (task.run)(arguments.into(), context()).await.map(|data| Value::clone(&data))
}

/// Runs the task of this name.
macro_rules! run {
    ($task:ident, $arguments:tt) => {
        run::<$task>(|| $task {}, json!($arguments)).await
    };
}

#[tokio::test]
async fn a_direct_call_runs_the_body_with_the_state_of_the_test() {
    let test = async { charge(&order(), "for ".into()).await };
    let result = State::new().with(Prefix("test")).provide(test).await;
    assert_eq!(result.unwrap(), "test for o-1 3.5 1");
}

#[tokio::test]
async fn a_task_runs_by_name_with_the_state_of_the_host() {
    let order = json!({"id": "o-2", "items": [{"price": 1}]});
    assert_eq!(run!(charge, {"order": order, "note": ""}), Ok(json!("run o-2 1 2")));
}

#[tokio::test]
async fn an_error_gives_its_name_and_its_json() {
    let order = json!({"id": "o-2", "items": [{"price": 101}]});
    assert_eq!(
        run!(charge, {"order": order, "note": ""}),
        Err(Failure::new("Declined", r#"{"Declined":{"code":51}}"#))
    );
}

#[tokio::test]
async fn arguments_that_do_not_fit_fail_with_their_path() {
    let fails = |cause: &str| Err(Failure::new("InvalidArguments", cause));
    let order = json!({"id": "o", "items": [{"price": 1}, {"price": "x"}]});
    assert_eq!(
        run!(charge, {"order": order, "note": ""}),
        fails("order.items[1].price: invalid type: string \"x\", expected f64")
    );
    assert_eq!(run!(optional, {"note": "x"}), fails("count: is missing"));
    assert_eq!(
        run!(optional, {"count": -1}),
        fails("count: invalid value: integer `-1`, expected u32")
    );
}

#[tokio::test]
async fn a_missing_option_is_none() {
    assert_eq!(run!(optional, {"count": 1}), Ok(json!("None 1")));
    assert_eq!(run!(optional, {"count": 1, "note": null}), Ok(json!("None 1")));
}

#[tokio::test]
async fn a_result_without_exact_json_fails() {
    assert_eq!(run!(nan, {}), Err(Failure::new("InvalidResult", "NaN is no JSON number")));
}

#[tokio::test]
async fn a_blocking_task_runs_directly_and_by_name() {
    let words = ["a".to_owned(), "b".to_owned(), "a".to_owned()];
    assert_eq!(count(&words, "a").await, 2);
    assert_eq!(run!(count, {"words": words, "text": "b"}), Ok(json!(1)));
}

#[tokio::test]
async fn heartbeats_and_cancellation_reach_the_host_and_the_task() {
    let progress = Arc::new(Mutex::new(Vec::new()));
    let (cancel, cancellation) = Cancellation::new();
    let received = Arc::clone(&progress);
    let context = TaskContext::new(
        TaskFacts::default(),
        State::new(),
        Arc::new(move |value| received.lock().unwrap().push(value)),
        cancellation.clone(),
    );
    let task = <beats as Task>::task();
    let before = (task.run)(json!({}).into(), context.clone()).await.unwrap();
    cancel.send(true).unwrap();
    cancellation.cancelled().await;
    let after = (task.run)(json!({}).into(), context).await.unwrap();
    assert_eq!((&*before, &*after), (&json!(false), &json!(true)));
    assert_eq!(*progress.lock().unwrap(), [json!({"done": 3}), json!({"done": 3})]);
}

#[test]
fn a_call_becomes_an_operation_with_arguments_by_name() {
    let order = order();
    let call = charge(&order, "n".into()).retry(2).timeout(Duration::from_secs(9));
    let Ok(Op::Task { name, arguments, options }) = call.into_op(Numbers::Portable) else {
        panic!("no task")
    };
    let expected = json!({
        "order": {"id": "o-1", "items": [{"price": 1.5}, {"price": 2}]},
        "note": "n",
    });
    assert_eq!((name, &*arguments), ("charge", &expected));
    assert_eq!(options.timeout, Some(Duration::from_secs(9)));
    assert_eq!(options.retry, Some(vec![Retry::any().max_attempts(2)]));
}

#[task]
async fn store(id: u64, share: f64) -> bool {
    id > 0 && share > 0.0
}

#[test]
fn arguments_without_exact_json_are_refused_with_their_path() {
    let refused = store(1, f64::INFINITY).into_op(Numbers::Wide).unwrap_err();
    assert_eq!(refused.to_string(), "share: inf is no JSON number");
    let large = 1 << 53;
    assert!(store(large, 1.0).into_op(Numbers::Wide).is_ok());
    let refused = store(large, 1.0).into_op(Numbers::Portable).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "id: 9007199254740992 is beyond ±(2^53 - 1), where JSON numbers stop being exact"
    );
}

#[test]
fn a_call_can_move_to_another_thread() {
    fn is_send<T: Send>(_: &T) {}
    is_send(&charge(&order(), String::new()));
    is_send(&count(&[], ""));
}
