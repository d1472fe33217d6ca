//! Errors: `?`, match by variant, retries, timeouts, names kept through `#[from]`.

use super::*;

#[workflow]
async fn question_mark(order: Order) -> Result<i64, FlowError> {
    let receipt = charge(&order).await?;
    let n = double(receipt.no).await;
    Ok(n)
}

#[test]
fn a_question_mark_keeps_name_and_cause() {
    let fine = order(5, &physical());
    check::<question_mark>(
        fine.clone(),
        json!([["charge", {"order": fine}], ["double", {"n": 5}]]),
        End::Output(json!(10)),
    );
    let declined = order(5000, &physical());
    check::<question_mark>(
        declined.clone(),
        json!([["charge", {"order": declined}]]),
        error("Declined", json!({"Declined": {"code": 51}})),
    );
    let down = order(-1, &physical());
    check::<question_mark>(
        down.clone(),
        json!([["charge", {"order": down}]]),
        error("GatewayDown", json!("GatewayDown")),
    );
}

#[workflow]
async fn by_variant(order: Order) -> Result<i64, FlowError> {
    match charge(&order).await {
        Ok(receipt) => Ok(receipt.no),
        Err(ChargeError::Declined { code }) => {
            let d = double(i64::from(code)).await;
            Ok(d)
        }
        Err(ChargeError::GatewayDown) => Err(FlowError::Bad { why: order.id.clone() }),
    }
}

#[test]
fn a_match_catches_by_variant_and_has_its_fields() {
    let fine = order(5, &physical());
    check::<by_variant>(fine.clone(), json!([["charge", {"order": fine}]]), End::Output(json!(5)));
    let declined = order(5000, &physical());
    check::<by_variant>(
        declined.clone(),
        json!([["charge", {"order": declined}], ["double", {"n": 51}]]),
        End::Output(json!(102)),
    );
    let down = order(-1, &physical());
    check::<by_variant>(
        down.clone(),
        json!([["charge", {"order": down}]]),
        error("Bad", json!({"Bad": {"why": "o1"}})),
    );
}

#[workflow]
async fn caught_and_rethrown(order: Order) -> Result<i64, FlowError> {
    let receipt = match charge(&order).await {
        Ok(receipt) => receipt,
        Err(ChargeError::Declined { code }) if code > 99 => return Ok(-1),
        Err(error) => {
            deliver("bad news").await;
            return Err(error.into());
        }
    };
    Ok(receipt.no)
}

#[test]
fn a_caught_error_may_be_thrown_again() {
    let declined = order(5000, &physical());
    check::<caught_and_rethrown>(
        declined.clone(),
        json!([["charge", {"order": declined}], ["deliver", {"url": "bad news"}]]),
        error("Declined", json!({"Declined": {"code": 51}})),
    );
}

#[workflow]
async fn again_until_it_works(order: Order) -> Result<i64, FlowError> {
    let mut order = order;
    let mut tries = 0;
    let receipt = loop {
        match charge(&order).await {
            Ok(receipt) => break receipt,
            Err(ChargeError::Declined { code }) if tries < 1 => {
                tries += 1;
                order.total = double(i64::from(code)).await;
            }
            Err(error) => return Err(error.into()),
        }
    };
    Ok(receipt.no + tries)
}

#[test]
fn a_caught_error_may_lead_back_into_a_loop() {
    let declined = order(5000, &physical());
    let cheaper = order(102, &physical());
    check::<again_until_it_works>(
        declined.clone(),
        json!([["charge", {"order": declined}], ["double", {"n": 51}], ["charge", {"order": cheaper}]]),
        End::Output(json!(103)),
    );
}

#[workflow]
async fn retried(downs: u32) -> Result<u32, FlowError> {
    let attempts = knock(downs).await?;
    Ok(attempts * 10)
}

#[test]
fn a_retrier_repeats_the_task_and_gives_up_in_the_end() {
    check::<retried>(json!(0), json!([["knock", {"downs": 0}]]), End::Output(json!(10)));
    check::<retried>(
        json!(2),
        json!([["knock", {"downs": 2}], ["knock", {"downs": 2}], ["knock", {"downs": 2}]]),
        End::Output(json!(30)),
    );
    check::<retried>(
        json!(3),
        json!([["knock", {"downs": 3}], ["knock", {"downs": 3}], ["knock", {"downs": 3}]]),
        error("GatewayDown", json!("GatewayDown")),
    );
}

#[workflow]
async fn retried_by_the_call(downs: u32) -> Result<u32, FlowError> {
    let attempts = knock(downs)
        .retry(Retry::on(["GatewayDown"]).max_attempts(3).interval(Duration::from_secs(5)))
        .timeout(Duration::from_secs(20))
        .await?;
    Ok(attempts)
}

#[test]
fn a_call_overrides_what_the_task_says() {
    let knock = json!(["knock", {"downs": 3}]);
    check::<retried_by_the_call>(
        json!(3),
        json!([knock, knock, knock, knock]),
        End::Output(json!(4)),
    );
}

#[workflow]
async fn if_let_err(order: Order) -> i64 {
    if let Err(ChargeError::Declined { code }) = charge(&order).await {
        return i64::from(code);
    }
    0
}

#[test]
fn if_let_err_catches_one_variant_and_goes_on_after_the_others() {
    for (total, end) in [(5, 0), (5000, 51), (-1, 0)] {
        let order = order(total, &physical());
        check::<if_let_err>(
            order.clone(),
            json!([["charge", {"order": order}]]),
            End::Output(json!(end)),
        );
    }
}

#[workflow]
async fn kept_as_data(order: Order) -> String {
    let result = charge(&order).await;
    deliver("tried").await;
    match result {
        Ok(receipt) => format!("paid {}", receipt.no),
        Err(ChargeError::Declined { code }) => format!("declined {code}"),
        Err(ChargeError::GatewayDown) => "down".to_owned(),
    }
}

#[test]
fn a_result_may_be_kept_across_a_step() {
    for (total, end) in [(5, "paid 5"), (5000, "declined 51"), (-1, "down")] {
        let order = order(total, &physical());
        check::<kept_as_data>(
            order.clone(),
            json!([["charge", {"order": order}], ["deliver", {"url": "tried"}]]),
            End::Output(json!(end)),
        );
    }
}

#[workflow]
async fn otherwise(order: Order) -> Receipt {
    charge(&order).await.unwrap_or(Receipt { no: -1 })
}

#[test]
fn unwrap_or_catches_what_is_declared() {
    for (total, no) in [(5, 5), (5000, -1), (-1, -1)] {
        let order = order(total, &physical());
        check::<otherwise>(
            order.clone(),
            json!([["charge", {"order": order}]]),
            End::Output(json!({"no": no})),
        );
    }
}

#[data]
#[derive(TaskError)]
enum PatienceError {
    Wrong,
    #[task_error(timeout)]
    TooSlow,
    #[task_error(other)]
    Other(stepwright::Failure),
}

#[task(timeout = "5s")]
async fn moody(mood: &str) -> Result<i64, PatienceError> {
    if mood == "wrong" { Err(PatienceError::Wrong) } else { Ok(1) }
}

/// A task that hangs or panics when its argument says so.
fn moods() -> Doubles {
    Doubles::new().task("moody", |call| match call.arguments["mood"].as_str() {
        Some("hang") => Answer::silence(),
        Some("panic") => Answer::fail("States.TaskFailed", "in a bad mood"),
        Some("wrong") => Answer::fail("Wrong", r#""Wrong""#),
        Some("slow") => Answer::fail("TooSlow", r#""TooSlow""#),
        _ => Answer::ok(1),
    })
}

#[workflow]
async fn patient(mood: String) -> i64 {
    match moody(&mood).await {
        Ok(n) => n,
        Err(PatienceError::Wrong) => -1,
        Err(PatienceError::TooSlow) => -2,
        Err(PatienceError::Other(_)) => -3,
    }
}

#[workflow]
async fn patient_at_last(mood: String) -> i64 {
    match moody(&mood).await {
        Ok(n) => n,
        Err(PatienceError::Other(_)) => -3,
        Err(PatienceError::TooSlow) => -2,
        Err(PatienceError::Wrong) => -1,
    }
}

#[workflow]
async fn moody_itself(mood: String) -> Result<i64, PatienceError> {
    let n = moody(&mood).await?;
    Ok(n)
}

#[workflow]
async fn patient_with_a_child(mood: String) -> i64 {
    match moody_itself(mood).await {
        Ok(n) => n,
        Err(PatienceError::Wrong) => -1,
        Err(PatienceError::TooSlow) => -2,
        Err(PatienceError::Other(_)) => -3,
    }
}

#[test]
fn timeouts_and_panics_are_caught_by_the_variants_marked_for_them() {
    let ends = [("good", 1), ("wrong", -1), ("hang", -2), ("slow", -2), ("panic", -3)];
    for (mood, end) in ends {
        let (calls, end) = (json!([["moody", {"mood": mood}]]), json!(end));
        check_with::<patient>(moods(), json!(mood), calls.clone(), End::Output(end.clone()));
        check_with::<patient_at_last>(
            moods(),
            json!(mood),
            calls.clone(),
            End::Output(end.clone()),
        );
        check_with::<patient_with_a_child>(moods(), json!(mood), calls, End::Output(end));
    }
}

#[task(timeout = "5s")]
async fn hanging(n: i64) -> Result<i64, ChargeError> {
    Ok(n)
}

#[workflow]
async fn impatient(n: i64) -> Result<i64, FlowError> {
    match hanging(n).await {
        Ok(n) => Ok(n),
        Err(ChargeError::Declined { .. }) => Ok(-1),
        Err(error) => Err(error.into()),
    }
}

#[test]
fn a_timeout_that_no_variant_holds_fails_the_workflow() {
    let silent = Doubles::new().task("hanging", |_call| Answer::silence());
    check::<impatient>(json!(0), json!([["hanging", {"n": 0}]]), End::Output(json!(0)));
    check_with::<impatient>(
        silent,
        json!(1),
        json!([["hanging", {"n": 1}]]),
        fails("States.Timeout"),
    );
}

#[workflow]
async fn converted_in_a_branch(order: Order) -> Vec<String> {
    let (charged, _) = join!(
        async {
            let receipt = charge(&order).await?;
            Ok::<_, FlowError>(receipt.no)
        },
        double(1)
    );
    let told = match charged {
        Ok(_) => "paid",
        Err(FlowError::Charge(ChargeError::Declined { .. })) => "declined",
        Err(FlowError::Charge(ChargeError::GatewayDown)) => "down",
        Err(_) => "other",
    };
    vec![told.to_owned()]
}

#[test]
fn a_question_mark_of_a_branch_that_is_data_gives_the_variant_that_holds_the_error() {
    for (total, told) in [(5, "paid"), (5000, "declined"), (-1, "down")] {
        let order = order(total, &physical());
        check::<converted_in_a_branch>(
            order.clone(),
            json!([["charge", {"order": order}], ["double", {"n": 1}]]),
            End::Output(json!([told])),
        );
    }
}

#[workflow]
async fn unwraps(order: Order, more: Option<i64>) -> i64 {
    let receipt = charge(&order).await.unwrap();
    double(more.as_ref().unwrap() + receipt.no).await
}

#[test]
fn what_is_unwrapped_and_is_not_there_breaks() {
    let (fine, declined) = (order(5, &physical()), order(5000, &physical()));
    let charged = |order: &Value| json!(["charge", {"order": order}]);
    check::<unwraps>(
        json!({"order": fine, "more": 2}),
        json!([charged(&fine), ["double", {"n": 7}]]),
        End::Output(json!(14)),
    );
    check::<unwraps>(json!({"order": fine, "more": null}), json!([charged(&fine)]), End::Breaks);
    check::<unwraps>(
        json!({"order": declined, "more": 2}),
        json!([charged(&declined)]),
        End::Breaks,
    );
}
