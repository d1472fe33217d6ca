//! Control flow in knots: errors thrown in every place, labels, joins in loops, loops in branches.

use super::*;

#[task]
async fn step(at: i64) -> Result<i64, ChargeError> {
    match at {
        at if at < 0 => Err(ChargeError::GatewayDown),
        at if at > 90 => Err(ChargeError::Declined { code: at as u16 }),
        at => Ok(at + 1),
    }
}

#[task]
async fn note(text: String) -> usize {
    text.len()
}

#[workflow]
async fn in_a_condition(n: i64) -> Result<i64, FlowError> {
    if step(n).await? > 5 && step(n - 10).await? > 2 || step(n + 40).await? == 41 {
        return Ok(step(n * 2).await?);
    }
    let m = match step(n).await? {
        2 | 3 => step(n + 50).await?,
        m if m > 50 => return Err(FlowError::Bad { why: format!("{m}") }),
        _ => -1,
    };
    Ok(m)
}

#[test]
fn conditions_may_throw() {
    let step = |at: i64| json!(["step", {"at": at}]);
    check::<in_a_condition>(
        json!(12),
        json!([step(12), step(2), step(24)]),
        End::Output(json!(25)),
    );
    check::<in_a_condition>(
        json!(5),
        json!([step(5), step(-5)]),
        error("GatewayDown", json!("GatewayDown")),
    );
    check::<in_a_condition>(json!(0), json!([step(0), step(40), step(0)]), End::Output(json!(1)));
    check::<in_a_condition>(
        json!(1),
        json!([step(1), step(41), step(1), step(51)]),
        End::Output(json!(52)),
    );
    check::<in_a_condition>(
        json!(51),
        json!([step(51), step(41), step(102)]),
        error("Declined", json!({"Declined": {"code": 102}})),
    );
}

#[workflow]
async fn knots(rows: Vec<Vec<i64>>) -> Result<(i64, Vec<i64>), FlowError> {
    let mut seen = vec![];
    let mut total = 0;
    let found = 'outer: {
        for (at, row) in rows.iter().enumerate() {
            let (one, other) = match row.as_slice() {
                [] => continue,
                [one] => (*one, 0),
                [one, .., other] => (*one, *other),
            };
            let (a, b) = try_join!(step(one), async {
                if other == 13 {
                    return Err(ChargeError::GatewayDown);
                }
                step(other).await
            })?;
            seen.push(a * 100 + b);
            if at > 1 {
                break 'outer b % 7 + at as i64;
            }
            total += b;
            if total > 50 {
                return Err(FlowError::Bad { why: format!("{total} at {at}") });
            }
        }
        if total == 0 {
            return Err(FlowError::Empty);
        }
        -total
    };
    Ok((found, seen))
}

#[test]
fn loops_joins_and_labels_mix() {
    let step = |at: i64| json!(["step", {"at": at}]);
    check::<knots>(json!([]), json!([]), error("Empty", json!("Empty")));
    check::<knots>(
        json!([[1, 9, 6], []]),
        json!([step(1), step(6)]),
        End::Output(json!([-7, [207]])),
    );
    check::<knots>(
        json!([[1], [2, 2], [3, 7, 8]]),
        json!([step(1), step(0), step(2), step(2), step(3), step(8)]),
        End::Output(json!([4, [201, 303, 409]])),
    );
    check::<knots>(
        json!([[1], [95, 1]]),
        json!([step(1), step(0), step(95), step(1)]),
        error("Declined", json!({"Declined": {"code": 95}})),
    );
}

#[workflow]
async fn each_in_its_own_way(all: Vec<i64>) -> Result<Vec<String>, FlowError> {
    let mut told = vec![];
    for n in &all {
        let text = match step(*n).await {
            Ok(m) if m % 2 == 0 => format!("even {m}"),
            Ok(m) => {
                let twice = step(m).await.unwrap_or(-7);
                if twice == -7 {
                    continue;
                }
                format!("odd {m} {twice}")
            }
            Err(ChargeError::Declined { code }) if code > 200 => break,
            Err(ChargeError::Declined { code }) => {
                note(format!("declined {code}")).await;
                format!("declined {code}")
            }
            Err(ChargeError::GatewayDown) if all.len() > 2 => return Err(FlowError::Empty),
            Err(error) => return Err(error.into()),
        };
        told.push(text);
    }
    Ok(told)
}

#[test]
fn each_outcome_may_leave_otherwise() {
    let step = |at: i64| json!(["step", {"at": at}]);
    let declined = json!(["note", {"text": "declined 91"}]);
    check::<each_in_its_own_way>(
        json!([1, 2, 91, 201, 5]),
        json!([step(1), step(2), step(3), step(91), declined, step(201)]),
        End::Output(json!(["even 2", "odd 3 4", "declined 91"])),
    );
    check::<each_in_its_own_way>(
        json!([90, 1]),
        json!([step(90), step(91), step(1)]),
        End::Output(json!(["even 2"])),
    );
    check::<each_in_its_own_way>(
        json!([-1]),
        json!([step(-1)]),
        error("GatewayDown", json!("GatewayDown")),
    );
    check::<each_in_its_own_way>(
        json!([-1, 0, 0]),
        json!([step(-1)]),
        error("Empty", json!("Empty")),
    );
}

#[workflow]
async fn kept_as_data(list: Vec<i64>) -> (Vec<i64>, i64, Vec<bool>, Option<i64>) {
    let results = join_all(list.iter().map(|n| step(*n))).await;
    let good = results.iter().filter(|r| r.is_ok()).count() as i64;
    let values = results.iter().map(|r| r.clone().unwrap_or(0)).collect::<Vec<_>>();
    let (one, other) = join!(step(good), step(-1));
    let flags = vec![one.is_ok(), other.is_err(), results.is_empty()];
    let first = results.first().and_then(|first| first.clone().ok());
    (values, one.unwrap_or_default(), flags, first)
}

#[test]
fn results_may_be_kept_as_data() {
    let step = |at: i64| json!(["step", {"at": at}]);
    check::<kept_as_data>(
        json!([3, -4, 99]),
        json!([step(3), step(-4), step(99), step(1), step(-1)]),
        End::Output(json!([[4, 0, 0], 2, [true, true, false], 4])),
    );
    check::<kept_as_data>(
        json!([]),
        json!([step(0), step(-1)]),
        End::Output(json!([[], 1, [true, true, true], null])),
    );
    check::<kept_as_data>(
        json!([-4]),
        json!([step(-4), step(0), step(-1)]),
        End::Output(json!([[0], 1, [true, true, false], null])),
    );
}

#[workflow]
async fn deferred(n: i64) -> Result<(i64, String), FlowError> {
    let value;
    let text: String;
    let mut count = 0;
    if n > 3 {
        value = step(n).await?;
        text = "large".to_owned();
    } else if let Some(m) = maybe(n).await {
        value = m;
        text = format!("small {m}");
        count = 5;
    } else {
        let Ok(other) = step(-n).await else {
            return Err(FlowError::Bad { why: "none".to_owned() });
        };
        value = other;
        text = "none".to_owned();
    }
    let more = { step(value).await? + count };
    Ok((more, text))
}

#[test]
fn a_value_may_come_from_any_branch() {
    let step = |at: i64| json!(["step", {"at": at}]);
    let maybe = |n: i64| json!(["maybe", {"n": n}]);
    check::<deferred>(json!(4), json!([step(4), step(5)]), End::Output(json!([6, "large"])));
    check::<deferred>(json!(3), json!([maybe(3), step(2)]), End::Output(json!([8, "small 2"])));
    check::<deferred>(
        json!(0),
        json!([maybe(0), step(0), step(1)]),
        End::Output(json!([2, "none"])),
    );
    check::<deferred>(
        json!(-95),
        json!([maybe(-95), step(95)]),
        error("Bad", json!({"Bad": {"why": "none"}})),
    );
}

#[workflow]
async fn nested_frames(grid: Vec<Vec<i64>>) -> Result<Vec<i64>, FlowError> {
    let bonus = grid.len() as i64;
    let rows = try_join_all(grid.iter().map(|row| async move {
        let first = step(bonus).await?;
        let cells = try_join_all(row.iter().map(|cell| async move {
            if *cell == 0 {
                return Ok(bonus);
            }
            let (a, b) = try_join!(step(*cell), step(*cell + bonus))?;
            Ok::<i64, ChargeError>(a * b)
        }))
        .await?;
        Ok::<i64, ChargeError>(cells.iter().sum::<i64>() + first)
    }))
    .await?;
    Ok(rows)
}

#[test]
fn frames_may_stand_in_frames() {
    let runs = equivalent::<nested_frames>()
        .input(json!([[0], [1, 2]]))
        .input(json!([]))
        .input(json!([[]]))
        .check();
    assert_eq!(runs[0].output(), Some(&json!([5, 26])));
    assert_eq!(runs[1].output(), Some(&json!([])));
    assert_eq!(runs[2].output(), Some(&json!([2])));
    let runs = equivalent::<nested_frames>().input(json!([[1], [-1, 95]])).check();
    assert!(runs[0].failure().is_some());
}

#[workflow]
async fn awaits_in_arguments(n: i64) -> Result<usize, FlowError> {
    let all = [step(n).await?, { double(n).await }, step(step(n).await?).await?];
    let sum = all.iter().sum::<i64>();
    let more = step(all[2]).await?;
    Ok(note(format!("{more}-{sum}")).await + all.len())
}

#[test]
fn calls_may_stand_in_calls() {
    let step = |at: i64| json!(["step", {"at": at}]);
    check::<awaits_in_arguments>(
        json!(3),
        json!([
            step(3), ["double", {"n": 3}], step(3), step(4), step(5), ["note", {"text": "6-15"}]
        ]),
        End::Output(json!(7)),
    );
    check::<awaits_in_arguments>(
        json!(-1),
        json!([step(-1)]),
        error("GatewayDown", json!("GatewayDown")),
    );
}

#[workflow]
async fn counts_down(n: i64) -> Result<i64, ChargeError> {
    if n == 0 {
        return step(-1).await;
    }
    if n > 90 {
        return Ok(step(n).await.unwrap_or(n));
    }
    Ok(step(n).await? - 1)
}

#[workflow]
async fn asks_children(list: Vec<i64>) -> Vec<String> {
    let mut told = vec![];
    for n in list {
        let text = match counts_down(n).await {
            Ok(m) => format!("ok {m}"),
            Err(ChargeError::GatewayDown) => "down".to_owned(),
            Err(ChargeError::Declined { code }) => format!("declined {code}"),
        };
        told.push(text);
    }
    told
}

#[test]
fn children_may_end_in_every_way() {
    let step = |at: i64| json!(["step", {"at": at}]);
    check::<asks_children>(
        json!([0, 91, 3]),
        json!([step(-1), step(91), step(3)]),
        End::Output(json!(["down", "ok 91", "ok 3"])),
    );
    check_with::<asks_children>(
        Doubles::new().task("step", |_: &testing::Call| {
            Answer::fail("Declined", r#"{"Declined":{"code":7}}"#)
        }),
        json!([3]),
        json!([step(3)]),
        End::Output(json!(["declined 7"])),
    );
    check_with::<asks_children>(
        Doubles::new().task("step", |_: &testing::Call| Answer::fail("Unheard", "of")),
        json!([3]),
        json!([step(3)]),
        fails("Unheard"),
    );
}
