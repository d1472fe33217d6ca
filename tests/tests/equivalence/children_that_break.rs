//! Children that fail by what no type declares, that are too slow, and that have much to say.

use super::{
    handed_on::{Down, Wrapped, asked, check_all, power, powered},
    *,
};
use stepwright::program::Failure;

#[data]
#[derive(TaskError)]
enum Patience {
    Refused,
    #[task_error(timeout)]
    TooLate,
    #[task_error(other)]
    Other(Failure),
}

/// Fails as its argument says.
fn ways() -> Doubles {
    Doubles::new().task("obey", |call| match call.arguments["way"].as_str() {
        Some("late") => Answer::silence(),
        Some("refuse") => Answer::fail("Refused", r#""Refused""#),
        Some("unheard") => Answer::fail("Unheard", "of"),
        Some("slow") => Answer::ok(3).after(Duration::from_secs(60)),
        _ => Answer::ok(2),
    })
}

#[task(timeout = "300s")]
async fn obey(way: &str) -> Result<i64, Down> {
    Ok(way.len() as i64)
}

/// Declares no error; fails for `zero` by an expression.
#[workflow]
async fn obeys(way: String) -> i64 {
    let divisor = match way.as_str() {
        "zero" => 0,
        _ => 1,
    };
    match obey(&way).await {
        Ok(n) => n / divisor,
        Err(Down::Cut) => -1,
        Err(Down::NoPower { since }) => since,
    }
}

#[workflow]
async fn asks_one_that_obeys(way: String) -> Result<i64, Wrapped> {
    let n = obeys(way).await;
    Ok(n + 1)
}

#[workflow]
async fn waits_for_one(way: String) -> Result<i64, Patience> {
    let n = obeys(way).timeout(Duration::from_secs(10)).await;
    Ok(n)
}

#[workflow]
async fn takes_anything(way: String) -> i64 {
    match waits_for_one(way).await {
        Ok(n) => n,
        Err(Patience::Refused) => -1,
        Err(Patience::TooLate) => -2,
        Err(Patience::Other(_)) => -3,
    }
}

#[workflow]
async fn hurried(way: String) -> i64 {
    match waits_for_one(way).timeout(Duration::from_secs(5)).await {
        Ok(n) => n,
        Err(Patience::TooLate) => -2,
        Err(_) => -3,
    }
}

#[workflow(timeout = "20s")]
async fn bounded(way: String) -> Result<i64, Patience> {
    let n = obeys(way).await;
    Ok(n)
}

#[workflow]
async fn asks_one_that_is_bounded(way: String) -> i64 {
    match bounded(way).await {
        Ok(n) => n,
        Err(Patience::TooLate) => -2,
        Err(_) => -3,
    }
}

#[workflow]
async fn hands_on_that_time_is_up(way: String) -> Result<i64, Patience> {
    bounded(way).await
}

#[test]
fn a_failure_that_no_type_declares_keeps_its_name_too() {
    for (way, end) in [
        ("go", End::Output(json!(3))),
        ("slow", End::Output(json!(4))),
        ("unheard", error("Unheard", json!("of"))),
        ("late", fails("States.Timeout")),
        ("zero", End::Breaks),
    ] {
        let calls = json!([["obey", {"way": way}]]);
        check_with::<asks_one_that_obeys>(ways(), json!(way), calls, end);
    }
}

#[test]
fn a_child_that_is_too_slow_is_a_timeout_whoever_bounds_it() {
    let calls = |way: &str| json!([["obey", {"way": way}]]);
    for (way, end) in [("go", 2), ("unheard", -3), ("slow", -2), ("late", -2)] {
        check_with::<takes_anything>(ways(), json!(way), calls(way), End::Output(json!(end)));
        check_with::<hurried>(ways(), json!(way), calls(way), End::Output(json!(end)));
        let bounded = End::Output(json!(end));
        check_with::<asks_one_that_is_bounded>(ways(), json!(way), calls(way), bounded);
    }
    check_with::<hands_on_that_time_is_up>(
        ways(),
        json!("slow"),
        calls("slow"),
        fails("States.Timeout"),
    );
    // a bug is no failure that anything takes
    check_with::<takes_anything>(ways(), json!("zero"), calls("zero"), End::Breaks);
    check_with::<asks_one_that_is_bounded>(ways(), json!("zero"), calls("zero"), End::Breaks);
}

#[workflow]
async fn retried(n: i64) -> Result<i64, Down> {
    powered(n).retry(2).timeout(Duration::from_secs(600)).await
}

#[test]
fn a_child_is_run_again_and_its_last_error_goes_on() {
    let calls = json!([asked(5), asked(5), asked(5)]);
    let answers = |answer: fn() -> Answer| Doubles::new().task("power", move |_| answer());
    check_with::<retried>(
        answers(|| Answer::error(&Down::NoPower { since: 2 })),
        json!(5),
        calls.clone(),
        error("NoPower", json!({"NoPower": {"since": 2}})),
    );
    let slow = answers(|| Answer::ok(1).after(Duration::from_secs(700)));
    check_with::<retried>(slow, json!(5), calls, fails("States.Timeout"));
}

#[data]
struct Letter {
    text: String,
    torn: bool,
}

#[data]
#[derive(TaskError)]
enum Torn {
    Letter { text: String },
}

#[workflow]
async fn reads(letter: Letter) -> Result<i64, Torn> {
    if letter.torn { Err(Torn::Letter { text: letter.text }) } else { Ok(1) }
}

#[workflow]
async fn has_it_read(letter: Letter) -> Result<i64, Torn> {
    let n = reads(letter).await?;
    Ok(n)
}

#[test]
fn the_cause_of_a_child_may_be_as_long_as_step_functions_has_room_for() {
    let torn = |text: &str| error("Letter", json!({"Letter": {"text": text}}));
    for text in ["short".to_owned(), "x".repeat(32_000)] {
        let letter = json!({"text": text, "torn": true});
        let direct = has_it_read(Letter { text: text.clone(), torn: true });
        check_all::<has_it_read>(direct, letter, json!([]), torn(&text));
    }
    // in the description of the child each of these takes four characters, and its Cause is cut
    let quotes = json!({"text": "\"".repeat(12_000), "torn": true});
    check::<has_it_read>(quotes, json!([]), fails("States.TaskFailed"));
}

#[data]
struct Parcel {
    weight: i64,
    list: Vec<String>,
}

#[workflow]
async fn weighs(parcel: Parcel) -> Result<i64, Down> {
    let given = power(parcel.weight).await?;
    Ok(given)
}

#[workflow]
async fn has_it_weighed(parcel: Parcel) -> Result<i64, Down> {
    match weighs(parcel).await {
        Ok(n) => Ok(n),
        Err(Down::Cut) => Ok(-1),
        Err(error) => Err(error),
    }
}

#[test]
fn a_child_with_a_long_input_fails_by_its_error_all_the_same() {
    let list = vec!["ExecutionArn\":".to_owned(); 10_000];
    for (weight, end) in
        [(-1, End::Output(json!(-1))), (-2, error("NoPower", json!({"NoPower": {"since": -2}})))]
    {
        let parcel = json!({"weight": weight, "list": list});
        let direct = has_it_weighed(Parcel { weight, list: list.clone() });
        check_all::<has_it_weighed>(direct, parcel, json!([asked(weight)]), end);
    }
}
