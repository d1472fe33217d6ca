//! The error of a child workflow keeps its name and its cause wherever it goes, as in a direct call
//! of the function.

use super::*;
use futures::{StreamExt as _, TryStreamExt as _, stream};
use stepwright::workflow::{Durable, Numbers};

/// Runs a workflow in both forms, and its function directly: all end so.
#[track_caller]
pub(super) fn check_all<W: Workflow<Output: Durable>>(
    direct: impl Future<Output = W::Output>,
    input: Value,
    calls: Value,
    end: End,
) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let output = runtime.block_on(direct).to_outcome(Numbers::Portable).unwrap();
    let ended = match output {
        Ok(output) => End::Output((*output).clone()),
        Err(failure) => {
            let cause = failure.cause.as_deref().map(serde_json::from_str);
            error(failure.error.as_deref().unwrap_or_default(), cause.unwrap().unwrap())
        }
    };
    assert_eq!(ended, end, "end of the function {} with {input}", W::NAME);
    check::<W>(input, calls, end);
}

#[data]
#[derive(TaskError)]
pub(super) enum Down {
    NoPower { since: i64 },
    Cut,
}

#[data]
#[derive(TaskError)]
pub(super) enum Wrapped {
    Below(#[from] Down),
    Own { n: i64 },
    Never,
}

/// Fails for what is below 0.
#[task]
pub(super) async fn power(n: i64) -> Result<i64, Down> {
    match n {
        -1 => Err(Down::Cut),
        n if n < 0 => Err(Down::NoPower { since: n }),
        n => Ok(n + 1),
    }
}

#[workflow]
pub(super) async fn powered(n: i64) -> Result<i64, Down> {
    let given = power(n).await?;
    if given == 100 { Err(Down::NoPower { since: 99 }) } else { Ok(given) }
}

/// What `powered` asks and how it ends.
fn ends() -> [(i64, Result<i64, End>); 4] {
    [
        (5, Ok(6)),
        (-1, Err(error("Cut", json!("Cut")))),
        (-7, Err(error("NoPower", json!({"NoPower": {"since": -7}})))),
        (99, Err(error("NoPower", json!({"NoPower": {"since": 99}})))),
    ]
}

pub(super) fn asked(n: i64) -> Value {
    json!(["power", {"n": n}])
}

#[workflow]
async fn tried(n: i64) -> Result<i64, Down> {
    Ok(powered(n).await? * 2)
}

#[workflow]
async fn tail(n: i64) -> Result<i64, Down> {
    powered(n).await
}

#[workflow]
async fn converted(n: i64) -> Result<i64, Wrapped> {
    let given = powered(n).await?;
    Ok(given * 2)
}

#[workflow]
async fn handed_on(n: i64) -> Result<i64, Wrapped> {
    match powered(n).await {
        Ok(given) => Ok(given * 2),
        Err(error) => Err(error.into()),
    }
}

#[workflow]
async fn in_an_argument(n: i64) -> Result<i64, Wrapped> {
    Ok(double(powered(n).await?).await)
}

/// A child of a child of a child.
#[workflow]
async fn deep(n: i64) -> Result<i64, Wrapped> {
    converted(n).await
}

#[test]
fn a_child_that_fails_fails_its_parent_by_its_own_error() {
    for (n, end) in ends() {
        let to = |f: fn(i64) -> i64| match &end {
            Ok(n) => End::Output(json!(f(*n))),
            Err(End::Error(name, cause)) => error(name, cause.clone()),
            Err(_) => unreachable!("a child fails by an error"),
        };
        let calls = json!([asked(n)]);
        check_all::<tried>(tried(n), json!(n), calls.clone(), to(|n| n * 2));
        check_all::<tail>(tail(n), json!(n), calls.clone(), to(|n| n));
        check_all::<converted>(converted(n), json!(n), calls.clone(), to(|n| n * 2));
        check_all::<handed_on>(handed_on(n), json!(n), calls.clone(), to(|n| n * 2));
        check_all::<deep>(deep(n), json!(n), calls, to(|n| n * 2));
        let mut calls = vec![asked(n)];
        calls.extend(end.as_ref().ok().map(|n| json!(["double", {"n": n}])));
        check_all::<in_an_argument>(in_an_argument(n), json!(n), json!(calls), to(|n| n * 2));
    }
}

#[workflow]
async fn side_by_side(n: i64) -> Result<i64, Wrapped> {
    let (one, two) = try_join!(powered(n), async {
        let doubled = double(n).await;
        powered(doubled).await
    })?;
    Ok(one + two)
}

#[workflow]
async fn all(ns: Vec<i64>) -> Result<Vec<i64>, Down> {
    try_join_all(ns.into_iter().map(powered)).await
}

#[workflow]
async fn all_converted(ns: Vec<i64>) -> Result<i64, Wrapped> {
    let all = try_join_all(ns.into_iter().map(async |n| {
        let given = powered(n).await?;
        Ok::<_, Wrapped>(given * 2)
    }))
    .await?;
    Ok(all.len() as i64)
}

#[workflow]
async fn one_by_one(ns: Vec<i64>) -> Result<Vec<i64>, Down> {
    stream::iter(ns).map(powered).buffered(1).try_collect().await
}

#[workflow]
async fn in_a_loop(ns: Vec<i64>) -> Result<i64, Wrapped> {
    let mut sum = 0;
    for n in ns {
        sum += powered(n).await?;
    }
    Ok(sum)
}

#[test]
fn the_first_error_of_children_ends_what_waits_for_all_of_them() {
    let cut = || error("Cut", json!("Cut"));
    let power = |n: i64| error("NoPower", json!({"NoPower": {"since": n}}));
    for (n, doubled, end) in [(3, 6, End::Output(json!(11))), (-2, -4, power(-2))] {
        // what has begun beside the failing one is aborted
        let mut calls = vec![asked(n), json!(["double", {"n": n}])];
        calls.extend((n > 0).then(|| asked(doubled)));
        check_all::<side_by_side>(side_by_side(n), json!(n), json!(calls), end);
    }
    let calls = |ns: &[i64]| -> Value { ns.iter().map(|n| asked(*n)).collect() };
    check_all::<all>(all(vec![1, 2]), json!([1, 2]), calls(&[1, 2]), End::Output(json!([2, 3])));
    check_all::<all>(all(vec![1, -1]), json!([1, -1]), calls(&[1, -1]), cut());
    check_all::<all_converted>(
        all_converted(vec![1, -3]),
        json!([1, -3]),
        calls(&[1, -3]),
        power(-3),
    );
    for (ns, asked, end) in
        [(vec![1, 2], vec![1, 2], End::Output(json!([2, 3]))), (vec![1, -1, 2], vec![1, -1], cut())]
    {
        let input = json!(ns);
        check_all::<one_by_one>(one_by_one(ns), input, calls(&asked), end);
    }
    check_all::<in_a_loop>(in_a_loop(vec![1, -1, 2]), json!([1, -1, 2]), calls(&[1, -1]), cut());
}

#[workflow]
async fn tells_apart(ns: Vec<i64>) -> String {
    match all(ns).await {
        Ok(_) => "fine".to_owned(),
        Err(Down::Cut) => "cut".to_owned(),
        Err(Down::NoPower { .. }) => "no power".to_owned(),
    }
}

#[workflow]
async fn tells_a_map_apart(ns: Vec<i64>) -> Result<String, Wrapped> {
    match try_join_all(ns.into_iter().map(powered)).await {
        Ok(_) => Ok("fine".to_owned()),
        Err(Down::Cut) => Ok("cut".to_owned()),
        Err(error) => Err(error.into()),
    }
}

#[workflow]
async fn tells_one_apart(ns: Vec<i64>) -> Result<String, Wrapped> {
    for n in ns {
        match powered(n).await {
            Ok(_) => {}
            Err(Down::Cut) => return Ok("cut".to_owned()),
            Err(error) => return Err(error.into()),
        }
    }
    Ok("fine".to_owned())
}

#[workflow]
async fn one_or_else(ns: Vec<i64>) -> Result<String, Wrapped> {
    let mut words = String::new();
    for n in ns {
        if let Err(Down::Cut) = powered(n).await {
            return Ok("cut".to_owned());
        }
        let Ok(m) = powered(n).await else {
            return Err(Wrapped::Own { n });
        };
        words += if m > 2 { "more" } else { "less" };
    }
    Ok(words)
}

#[test]
fn the_error_of_a_child_is_matched_by_name_above_what_hands_it_on() {
    let calls = |ns: &[i64]| -> Value { ns.iter().map(|n| asked(*n)).collect() };
    let word = |word: &str| End::Output(json!(word));
    let power = |n: i64| error("NoPower", json!({"NoPower": {"since": n}}));
    for (n, told) in [(1, "fine"), (-1, "cut"), (-5, "no power")] {
        let (ns, input, calls) = (vec![n], json!([n]), calls(&[n]));
        check_all::<tells_apart>(tells_apart(ns.clone()), input.clone(), calls.clone(), word(told));
        let end = || if n == -5 { power(-5) } else { word(told) };
        let direct = tells_a_map_apart(ns.clone());
        check_all::<tells_a_map_apart>(direct, input.clone(), calls.clone(), end());
        check_all::<tells_one_apart>(tells_one_apart(ns), input, calls, end());
    }
    check_all::<one_or_else>(
        one_or_else(vec![1, 4]),
        json!([1, 4]),
        calls(&[1, 1, 4, 4]),
        word("lessmore"),
    );
    check_all::<one_or_else>(one_or_else(vec![-1]), json!([-1]), calls(&[-1]), word("cut"));
    check_all::<one_or_else>(
        one_or_else(vec![-3]),
        json!([-3]),
        calls(&[-3, -3]),
        error("Own", json!({"Own": {"n": -3}})),
    );
}

#[workflow]
async fn left_as_data(ns: Vec<i64>) -> Vec<String> {
    let mut told = Vec::new();
    for n in ns {
        let (one, _) = join!(
            async {
                let given = powered(n).await?;
                Ok::<_, Wrapped>(given)
            },
            double(n)
        );
        told.push(match one {
            Ok(_) => "fine".to_owned(),
            Err(Wrapped::Below(Down::Cut)) => "cut".to_owned(),
            Err(_) => "other".to_owned(),
        });
    }
    told
}

#[test]
fn what_no_variant_holds_goes_up_where_errors_are_data() {
    let calls = |n: i64| json!([asked(n), ["double", {"n": n}]]);
    for (n, told) in [(1, "fine"), (-1, "cut"), (-4, "other")] {
        let direct = left_as_data(vec![n]);
        check_all::<left_as_data>(direct, json!([n]), calls(n), End::Output(json!([told])));
    }
    let unheard = Doubles::new().task("power", |_| Answer::fail("Unheard", "of"));
    check_with::<left_as_data>(unheard, json!([1]), calls(1), error("Unheard", json!("of")));
}

#[workflow]
async fn three(n: i64) -> Result<i64, Down> {
    let one = powered(n).await?;
    let two = match powered(one).await {
        Ok(two) => two,
        Err(Down::Cut) => 0,
        Err(error) => return Err(error),
    };
    powered(two - 7).await
}

#[test]
fn a_scope_has_one_state_that_hands_on_the_errors_of_its_children() {
    let program = (three::workflow().program)();
    let mut states: Vec<_> = program.definition().states.states.keys().collect();
    states.sort();
    let expected = ["child_failed", "match_powered_2", "powered", "powered_2", "powered_3"];
    assert_eq!(states, expected);
    let power = |n: i64| error("NoPower", json!({"NoPower": {"since": n}}));
    for (n, calls, end) in [
        (-3, vec![-3], power(-3)),
        (98, vec![98, 99], power(99)),
        (3, vec![3, 4, -2], power(-2)),
        (6, vec![6, 7, 1], End::Output(json!(2))),
    ] {
        let calls = calls.into_iter().map(asked).collect();
        check_all::<three>(three(n), json!(n), calls, end);
    }
}

/// A function of another name than the task's, whichever way the other tasks are bound.
#[task(lambda = "power-station")]
async fn far_power(n: i64) -> Result<i64, Down> {
    if n < 0 { Err(Down::NoPower { since: n }) } else { Ok(n + 1) }
}

#[workflow]
async fn powered_from_afar(n: i64) -> Result<i64, Down> {
    far_power(n).await
}

#[workflow]
async fn tried_from_afar(n: i64) -> Result<i64, Down> {
    Ok(powered_from_afar(n).await? * 2)
}

#[workflow]
async fn looks_into_afar(n: i64) -> Result<i64, Down> {
    match tried_from_afar(n).await {
        Ok(n) => Ok(n),
        Err(Down::NoPower { since }) => Ok(since),
        Err(error) => Err(error),
    }
}

#[workflow]
async fn looks_into_two_afar(n: i64) -> Result<i64, Down> {
    match try_join!(powered_from_afar(n), tried_from_afar(1)) {
        Ok((a, b)) => Ok(a + b),
        Err(Down::NoPower { since }) => Ok(since),
        Err(error) => Err(error),
    }
}

#[test]
fn the_cause_of_a_childs_function_is_read_whoever_runs_the_tasks_of_the_parent() {
    let far = |n: i64| json!(["far_power", {"n": n}]);
    let power = |n: i64| error("NoPower", json!({"NoPower": {"since": n}}));
    check_all::<tried_from_afar>(tried_from_afar(-4), json!(-4), json!([far(-4)]), power(-4));
    let taken = || End::Output(json!(-4));
    check_all::<looks_into_afar>(looks_into_afar(-4), json!(-4), json!([far(-4)]), taken());
    let both = json!([far(-4), far(1)]);
    check_all::<looks_into_two_afar>(looks_into_two_afar(-4), json!(-4), both, taken());
    let doubled = equivalent::<looks_into_afar>()
        .doubles(
            Doubles::new()
                .task("far_power", |_| Answer::fail("NoPower", r#"{"NoPower":{"since":-9}}"#)),
        )
        .input(1);
    let end = End::Output(json!(-9));
    assert_eq!(ended(&doubled.try_check().unwrap()[0], &end), end);
}

#[data]
#[derive(TaskError)]
enum Reworded {
    Dark { how: String },
}

impl From<Down> for Reworded {
    fn from(down: Down) -> Self {
        Self::Dark { how: format!("{down:?}") }
    }
}

#[workflow(export = false)]
async fn reworded(n: i64) -> Result<i64, Reworded> {
    let given = powered(n).await?;
    Ok(given)
}

#[workflow(export = false)]
async fn kept_as_it_is(n: i64) -> Result<i64, Wrapped> {
    let given = powered(n).await?;
    Ok(given)
}

/// Runs the native form, which is the only one.
#[track_caller]
fn check_local<W: Workflow>(doubles: Doubles, input: i64, end: End) {
    let run = testing::World::of::<W>().unwrap().doubles(doubles).run(input).unwrap();
    assert_eq!(ended(&run, &end), end, "end of {} with {input}", W::NAME);
}

#[test]
fn a_conversion_of_ones_own_gets_the_error_of_a_child_where_nothing_is_exported() {
    let dark = error("Dark", json!({"Dark": {"how": "NoPower { since: -4 }"}}));
    check_local::<reworded>(Doubles::new(), -4, dark);
    let power = error("NoPower", json!({"NoPower": {"since": -4}}));
    check_local::<kept_as_it_is>(Doubles::new(), -4, power);
    let unheard = Doubles::new().task("power", |_| Answer::fail("Unheard", "of"));
    check_local::<reworded>(unheard.clone(), 1, error("Unheard", json!("of")));
    check_local::<kept_as_it_is>(unheard, 1, error("Unheard", json!("of")));
}
