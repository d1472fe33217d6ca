//! `#[derive(TaskError)]`: names and causes, both ways.

use stepwright::{
    Durable as _, Failure,
    prelude::*,
    workflow::{Numbers, errors_named, must_be_error},
};

#[data]
#[derive(TaskError)]
enum ChargeError {
    CardDeclined {
        code: u16,
    },
    #[serde(rename = "down")]
    GatewayDown,
    #[task_error(name = "Limit.Reached")]
    Limit(u32, String),
    #[task_error(timeout)]
    Late,
}

#[data]
#[derive(TaskError)]
enum OrderError {
    Empty,
    Charge(#[from] ChargeError),
    #[task_error(other)]
    Other(Failure),
}

#[data]
#[derive(TaskError)]
struct Rejected {
    reason: String,
}

#[data]
#[derive(TaskError)]
#[task_error(display = false)]
enum Plain {
    Failed,
}

impl std::fmt::Display for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("by hand")
    }
}

#[track_caller]
fn comes_back<E: TaskError + PartialEq + std::fmt::Debug>(error: E, name: &str, cause: &str) {
    let failure = error.to_failure().unwrap();
    assert_eq!(failure, Failure::new(name, cause));
    assert_eq!(E::from_failure(&failure), Some(error));
}

#[test]
fn an_error_comes_back_from_name_and_cause() {
    comes_back(
        ChargeError::CardDeclined { code: 5 },
        "CardDeclined",
        r#"{"CardDeclined":{"code":5}}"#,
    );
    comes_back(ChargeError::GatewayDown, "GatewayDown", r#""down""#);
    comes_back(ChargeError::Limit(3, "x".into()), "Limit.Reached", r#"{"Limit":[3,"x"]}"#);
    comes_back(ChargeError::Late, "Late", r#""Late""#);
    comes_back(Rejected { reason: "no".into() }, "Rejected", r#"{"reason":"no"}"#);
    comes_back("no".to_owned(), "Error", r#""no""#);
    comes_back(Failure::new("Any", "thing"), "Any", "thing");
}

#[test]
fn a_held_error_keeps_its_name_and_cause() {
    comes_back(OrderError::from(ChargeError::GatewayDown), "GatewayDown", r#""down""#);
    comes_back(OrderError::Other(Failure::new("Lambda.Unknown", "?")), "Lambda.Unknown", "?");
}

#[test]
fn timeouts_and_other_failures_find_their_variant() {
    for name in ["States.Timeout", "States.HeartbeatTimeout"] {
        let failure = Failure::new(name, "");
        assert_eq!(ChargeError::from_failure(&failure), Some(ChargeError::Late));
        assert_eq!(OrderError::from_failure(&failure), Some(OrderError::Charge(ChargeError::Late)));
    }
    let unknown = Failure::new("Unknown", "");
    assert_eq!(ChargeError::from_failure(&unknown), None);
    assert_eq!(OrderError::from_failure(&unknown), Some(OrderError::Other(unknown)));
}

#[test]
fn a_broken_workflow_is_no_error_of_a_task() {
    for name in ["States.QueryEvaluationError", "States.Runtime", "States.DataLimitExceeded"] {
        assert_eq!(OrderError::from_failure(&Failure::new(name, "")), None);
        assert_eq!(<Failure as TaskError>::from_failure(&Failure::new(name, "")), None);
    }
}

#[test]
fn a_declared_name_with_another_cause_is_no_error_of_the_type() {
    for cause in ["", "{", r#"{"CardDeclined":{}}"#, r#""down""#] {
        let failure = Failure::new("CardDeclined", cause);
        assert_eq!(ChargeError::from_failure(&failure), None, "{cause}");
        assert_eq!(OrderError::from_failure(&failure), None, "{cause}");
    }
}

#[test]
fn names_are_found_by_variant_or_name() {
    let named = |name| errors_named(OrderError::VARIANTS, name);
    assert_eq!(named("Empty"), ["Empty"]);
    assert_eq!(named("GatewayDown"), ["GatewayDown"]);
    assert_eq!(named("Limit"), ["Limit.Reached"]);
    assert_eq!(named("Limit.Reached"), ["Limit.Reached"]);
    assert_eq!(named("Late"), ["Late", "States.Timeout", "States.HeartbeatTimeout"]);
    assert_eq!(named("Other"), ["States.TaskFailed", "States.Timeout"]);
    assert_eq!(
        named("Charge"),
        [
            "CardDeclined",
            "GatewayDown",
            "Limit.Reached",
            "Late",
            "States.Timeout",
            "States.HeartbeatTimeout"
        ]
    );
    assert!(named("Nothing").is_empty());
}

#[test]
fn a_name_that_there_is_not_is_told_with_those_that_there_are() {
    const _: () = must_be_error(OrderError::VARIANTS, "GatewayDown");
    let told = |variants| {
        let told = std::panic::catch_unwind(|| must_be_error(variants, "Misspelt")).unwrap_err();
        told.downcast_ref::<String>().unwrap().clone()
    };
    assert_eq!(
        told(OrderError::VARIANTS),
        "this task has no error `Misspelt`; it has `Empty`, `CardDeclined`, `GatewayDown`, \
         `Limit`, `Late`, `Other`"
    );
    assert_eq!(
        told(&[]),
        "this task has no error `Misspelt`: it returns no `Result` of an error with \
         `#[derive(TaskError)]`"
    );
}

#[test]
fn errors_show_their_name_and_data() {
    let shown = |error: &dyn std::error::Error| error.to_string();
    assert_eq!(
        shown(&ChargeError::CardDeclined { code: 5 }),
        r#"CardDeclined: {"CardDeclined":{"code":5}}"#
    );
    assert_eq!(shown(&OrderError::Empty), "Empty");
    assert_eq!(Plain::Failed.to_string(), "by hand");
}

#[test]
fn a_cause_that_is_too_long_is_refused() {
    let error = Rejected { reason: "x".repeat(32_768) };
    assert_eq!(
        error.to_failure().unwrap_err().to_string(),
        "the error `Rejected` has over 32768 characters of JSON"
    );
}

#[test]
fn a_result_is_a_success_or_a_failure() {
    let outcome = |result: Result<u8, ChargeError>| result.to_outcome(Numbers::Portable).unwrap();
    assert_eq!(outcome(Ok(1)).unwrap(), serde_json::json!(1).into());
    let failure = outcome(Err(ChargeError::GatewayDown)).unwrap_err();
    assert_eq!(failure.error.as_deref(), Some("GatewayDown"));
    let back = <Result<u8, ChargeError>>::from_failed(&failure);
    assert_eq!(back, Some(Err(ChargeError::GatewayDown)));
    assert_eq!(<Result<u8, ChargeError>>::from_success(&serde_json::json!(1)), Ok(Ok(1)));
    assert_eq!(u8::from_failed(&failure), None);
}
