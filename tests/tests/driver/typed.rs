//! Workflows as types: inputs that are checked, results and failures in the workflow's own types.

use serde_json::{Value, json};
use stepwright::{
    Engine,
    prelude::*,
    program::{Data, Failure},
    service::{Ended, Error},
};

#[data]
#[derive(PartialEq)]
struct Request {
    number: i64,
    divisor: i64,
}

#[data]
#[derive(PartialEq, TaskError)]
enum DivisionError {
    ByZero { number: i64 },
}

struct Offset(i64);

#[task]
async fn divide(#[state] offset: &Offset, number: i64, by: i64) -> Result<i64, DivisionError> {
    match number.checked_div(by) {
        Some(result) => Ok(result + offset.0),
        None => Err(DivisionError::ByZero { number }),
    }
}

#[workflow]
async fn halves(request: Request) -> Result<i64, DivisionError> {
    let once = divide(request.number, request.divisor).await?;
    let twice = divide(once, request.divisor).await?;
    Ok(twice)
}

#[workflow]
async fn ratio(number: i64, divisor: i64) -> Result<i64, DivisionError> {
    divide(number, divisor).await
}

#[workflow]
async fn seven() -> i64 {
    divide(12, 2).await.unwrap_or(0)
}

async fn engine() -> Engine {
    let builder = Engine::builder().workflow::<halves>().workflow::<ratio>().workflow::<seven>();
    builder.state(Offset(1)).build().await.unwrap()
}

#[tokio::test]
async fn several_parameters_are_given_as_a_tuple_and_none_as_nothing() {
    let engine = engine().await;
    let handle = engine.start::<ratio>((9, 3)).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), Ok(4));
    let input = serde_json::json!({ "number": 9, "divisor": 3 });
    assert_eq!(*handle.describe().await.unwrap().input, input);
    assert_eq!(engine.start::<seven>(()).await.unwrap().result().await.unwrap(), 7);
}

#[tokio::test]
async fn a_result_comes_back_in_the_workflows_type() {
    let engine = engine().await;
    let handle = engine.start::<halves>(Request { number: 100, divisor: 2 }).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), Ok(26));
    let found = engine.execution::<halves>(handle.name()).await.unwrap();
    assert_eq!(found.result().await.unwrap(), Ok(26));
}

#[tokio::test]
async fn a_failure_comes_back_as_the_workflows_error() {
    let engine = engine().await;
    let handle = engine.start::<halves>(Request { number: 100, divisor: 0 }).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), Err(DivisionError::ByZero { number: 100 }));
}

#[tokio::test]
async fn a_failure_that_the_error_type_cannot_hold_is_an_end_of_its_own() {
    let builder = Engine::builder().workflow::<halves>().state(Offset(1));
    let engine = builder.task("divide", |_, _| async { panic!("no") }).build().await.unwrap();
    let handle = engine.start::<halves>(Request { number: 100, divisor: 1 }).await.unwrap();
    let end = handle.result().await.unwrap_err();
    assert!(matches!(end, Ended::Failed(_)));
    assert_eq!(
        end.to_string(),
        "the execution failed: Stepwright.TaskPanicked: the task 'divide' panicked: no"
    );
}

#[tokio::test]
async fn a_function_in_place_of_a_task_answers_with_the_tasks_types_or_fails() {
    let bad = Failure::new("ByZero", "it was zero");
    let answers: [(Result<Value, Failure>, &str); 3] = [
        (Ok(json!("7")), "the result: invalid type: string \"7\", expected i64"),
        (Ok(json!(null)), "the result: invalid type: null, expected i64"),
        (Err(bad), "the cause of `ByZero`: `it was zero` is not the JSON of that variant"),
    ];
    for (answer, why) in answers {
        let give = move |_, _| std::future::ready(answer.clone().map(Data::from));
        let builder = Engine::builder().workflow::<halves>().state(Offset(1));
        let engine = builder.task("divide", give).build().await.unwrap();
        let handle = engine.start::<halves>(Request { number: 100, divisor: 1 }).await.unwrap();
        let end = handle.result().await.unwrap_err();
        assert_eq!(end.to_string(), format!("the execution failed: InvalidResult: {why}"));
    }
}

#[tokio::test]
async fn missing_state_is_an_error_that_names_the_task() {
    let built = Engine::builder().workflow::<halves>().build().await;
    let error = built.unwrap_err();
    assert!(matches!(error, Error::Registry(_)));
    let message = error.to_string();
    assert!(message.contains("`divide`") && message.contains("Offset"), "{message}");
}

#[tokio::test]
async fn json_that_does_not_fit_is_refused_with_its_path() {
    let engine = engine().await;
    let input = serde_json::json!({ "number": 1, "divisor": "two" });
    let error = engine.start_json("halves", input).await.unwrap_err().to_string();
    assert!(error.starts_with("the input does not fit `halves`: divisor: "), "{error}");
}
