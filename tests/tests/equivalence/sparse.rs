//! Values with missing keys on all the ways that a value can go.

use super::*;
use std::collections::BTreeMap;

#[data]
struct Box_ {
    label: Option<String>,
    #[serde(default)]
    inner: Vec<Part>,
    first: Option<Part>,
}

#[data]
struct Part {
    n: i64,
    note: Option<i64>,
}

#[data]
enum Choice {
    Whole(Part),
    Both(Part, Option<Part>),
    Named { part: Part, list: Option<Vec<Part>> },
}

#[data]
struct Pair {
    left: Choice,
    right: Option<Box<Choice>>,
    by_key: BTreeMap<String, Option<Part>>,
}

#[data]
#[derive(TaskError)]
enum Wrong {
    Part(Part),
    Late {
        part: Option<Part>,
    },
    #[task_error(other)]
    Else(stepwright::Failure),
}

#[task]
async fn open(part: &Part) -> Result<Part, Wrong> {
    match part.n {
        n if n < 0 => Err(Wrong::Part(part.clone())),
        0 => Err(Wrong::Late { part: None }),
        _ => Ok(part.clone()),
    }
}

#[task]
async fn pack(content: &Box_) -> Box_ {
    content.clone()
}

#[task]
async fn choose(pair: &Pair) -> Pair {
    pair.clone()
}

#[task]
async fn list(parts: &[Part]) -> Vec<Part> {
    parts.to_vec()
}

fn part(n: i64) -> Value {
    json!({"n": n, "note": null})
}

#[workflow]
async fn taken_apart(content: Box_) -> (Option<String>, Vec<Part>, Option<Part>) {
    let Box_ { label, inner, first } = content;
    let d = double(inner.len() as i64).await;
    let first = match first {
        Some(Part { n, note: None }) if n > d => Some(Part { n: d, note: None }),
        other => other,
    };
    (label, inner, first)
}

#[test]
fn a_struct_may_be_taken_apart() {
    let calls = |n: i64| json!([["double", {"n": n}]]);
    check::<taken_apart>(json!({}), calls(0), End::Output(json!([null, [], null])));
    check::<taken_apart>(
        json!({"first": {"n": 5}, "inner": [{"n": 1}]}),
        calls(1),
        End::Output(json!([null, [part(1)], part(2)])),
    );
    check::<taken_apart>(
        json!({"first": {"n": 1, "note": 3}, "inner": [{"n": 1}], "label": "l"}),
        calls(1),
        End::Output(json!(["l", [part(1)], {"n": 1, "note": 3}])),
    );
}

#[workflow]
async fn put_together(content: Box_, n: i64) -> Vec<Box_> {
    let more = Box_ { label: Some("more".to_owned()), ..content.clone() };
    let packed = pack(&more).await;
    let parts =
        content.inner.iter().map(|part| Part { n: part.n + n, ..part.clone() }).collect::<Vec<_>>();
    let other = Box_ { first: content.first.clone(), inner: parts, label: content.label.clone() };
    vec![packed, other, content]
}

#[test]
fn parts_of_a_struct_may_make_another() {
    let whole = |label: Value, n: i64| json!({"label": label, "inner": [part(n)], "first": null});
    check::<put_together>(
        json!({"content": {"inner": [{"n": 1}]}, "n": 2}),
        json!([["pack", {"content": whole(json!("more"), 1)}]]),
        End::Output(json!([whole(json!("more"), 1), whole(Value::Null, 3), whole(Value::Null, 1)])),
    );
}

#[workflow]
async fn gathered(boxes: Vec<Box_>) -> (Vec<Part>, Option<Part>, Vec<Option<Part>>) {
    let mut all = vec![];
    let mut best: Option<Part> = None;
    for one in &boxes {
        for part in &one.inner {
            all.push(part.clone());
            if best.is_none() {
                best = Some(part.clone());
            }
        }
    }
    let firsts = boxes.iter().map(|one| one.first.clone()).collect::<Vec<_>>();
    let listed = list(&all).await;
    (listed, best, firsts)
}

#[test]
fn a_loop_may_gather_parts() {
    check::<gathered>(
        json!([{"inner": [{"n": 1}]}, {}, {"first": {"n": 2}, "inner": [{"n": 3, "note": 4}]}]),
        json!([["list", {"parts": [part(1), {"n": 3, "note": 4}]}]]),
        End::Output(json!([
            [part(1), {"n": 3, "note": 4}], part(1), [null, null, part(2)]
        ])),
    );
    check::<gathered>(
        json!([]),
        json!([["list", {"parts": []}]]),
        End::Output(json!([[], null, []])),
    );
}

#[workflow]
async fn chosen(pair: Pair, other: Option<Part>) -> (Pair, Option<Part>, i64) {
    let back = choose(&pair).await;
    let part = match (&back.left, &other) {
        (Choice::Whole(part), None) => Some(part.clone()),
        (Choice::Both(_, Some(part)), _) => Some(part.clone()),
        (Choice::Both(part, None), Some(other)) if part.note == other.note => Some(other.clone()),
        (Choice::Named { part, list: None }, _) => Some(part.clone()),
        (Choice::Named { list: Some(list), .. }, _) => list.first().cloned(),
        _ => None,
    };
    let count = pair.by_key.len() as i64;
    (pair, part, count)
}

#[test]
fn variants_may_hold_sparse_parts() {
    let called = |pair: &Value| json!([["choose", {"pair": pair}]]);
    for (left, whole, other, chosen) in [
        (json!({"Whole": {"n": 1}}), json!({"Whole": part(1)}), json!(null), part(1)),
        (
            json!({"Both": [{"n": 1}, {"n": 2}]}),
            json!({"Both": [part(1), part(2)]}),
            json!(null),
            part(2),
        ),
        (
            json!({"Both": [{"n": 1}, null]}),
            json!({"Both": [part(1), null]}),
            json!({"n": 9}),
            part(9),
        ),
        (
            json!({"Named": {"part": {"n": 3}}}),
            json!({"Named": {"part": part(3), "list": null}}),
            json!({"n": 9, "note": 1}),
            part(3),
        ),
        (
            json!({"Named": {"part": {"n": 3}, "list": [{"n": 4}]}}),
            json!({"Named": {"part": part(3), "list": [part(4)]}}),
            json!(null),
            part(4),
        ),
    ] {
        let pair = json!({
            "left": whole, "right": whole, "by_key": {"a": part(1), "b": null}
        });
        check::<chosen>(
            json!({
                "pair": {"left": left, "right": left, "by_key": {"a": {"n": 1}, "b": null}},
                "other": other
            }),
            called(&pair),
            End::Output(json!([pair, chosen, 2])),
        );
    }
    let pair = json!({"left": {"Whole": part(1)}, "right": null, "by_key": {}});
    check::<chosen>(
        json!({"pair": {"left": {"Whole": {"n": 1}}, "by_key": {}}}),
        called(&pair),
        End::Output(json!([pair, part(1), 0])),
    );
}

#[workflow]
async fn joined(content: Box_) -> (Part, Vec<Part>, Option<Part>) {
    let (one, parts, first) = join!(
        async {
            double(1).await;
            Part { n: content.inner.len() as i64, note: None }
        },
        async { list(&content.inner).await },
        async {
            double(2).await;
            content.first.clone()
        },
    );
    (one, parts, first)
}

#[test]
fn branches_may_give_sparse_parts() {
    check_with::<joined>(
        Doubles::new().task("list", |_: &testing::Call| Ok(json!([{"n": 8}]))),
        json!({"inner": [{"n": 1}], "first": {"n": 2}}),
        json!([["double", {"n": 1}], ["list", {"parts": [part(1)]}], ["double", {"n": 2}]]),
        End::Output(json!([part(1), [part(8)], part(2)])),
    );
}

#[workflow]
async fn opened(parts: Vec<Part>, spare: Option<Part>) -> Result<Vec<Part>, Wrong> {
    let mut opened = vec![];
    for part in parts {
        let one = match open(&part).await {
            Ok(part) => part,
            Err(Wrong::Part(bad)) => match spare.clone() {
                Some(spare) => spare,
                None => return Err(Wrong::Late { part: Some(bad) }),
            },
            Err(Wrong::Late { part: Some(part) }) => part,
            Err(other) => return Err(other),
        };
        opened.push(one);
    }
    Ok(opened)
}

#[test]
fn errors_may_hold_sparse_parts() {
    let open = |n: i64| json!(["open", {"part": part(n)}]);
    check::<opened>(
        json!({"parts": [{"n": 1}, {"n": -1}], "spare": {"n": 5}}),
        json!([open(1), open(-1)]),
        End::Output(json!([part(1), part(5)])),
    );
    check::<opened>(
        json!({"parts": [{"n": -1}]}),
        json!([open(-1)]),
        error("Late", json!({"Late": {"part": part(-1)}})),
    );
    check::<opened>(
        json!({"parts": [{"n": 0}]}),
        json!([open(0)]),
        error("Late", json!({"Late": {"part": null}})),
    );
    let fails = |cause: &'static str| {
        Doubles::new().task("open", move |_: &testing::Call| Answer::fail("Late", cause))
    };
    check_with::<opened>(
        fails(r#"{"Late":{"part":{"n":7}}}"#),
        json!({"parts": [{"n": 1}]}),
        json!([open(1)]),
        End::Output(json!([part(7)])),
    );
}

#[workflow]
async fn anything(parts: Vec<Part>) -> Result<Vec<Part>, Wrong> {
    try_join_all(parts.iter().map(|part| open(part))).await
}

#[workflow]
async fn explained(parts: Vec<Part>) -> String {
    match anything(parts).await {
        Ok(parts) => format!("{} parts", parts.len()),
        Err(Wrong::Part(part)) => format!("part {}", part.n),
        Err(Wrong::Late { part }) => format!("late {}", part.is_none()),
        Err(Wrong::Else(failure)) => failure.cause.unwrap_or_default(),
    }
}

#[test]
fn a_childs_errors_may_hold_sparse_parts() {
    let open = |n: i64| json!(["open", {"part": part(n)}]);
    for (n, text) in [(1, "1 parts"), (-2, "part -2"), (0, "late true")] {
        check::<explained>(json!([{"n": n}]), json!([open(n)]), End::Output(json!(text)));
    }
}

#[workflow]
async fn noted(content: Box_) -> (i64, String, bool, Option<i64>, Vec<i64>) {
    let n = content.first.as_ref().and_then(|first| first.note).unwrap_or(-1);
    let label = content.label.clone().unwrap_or_default();
    let known = content.first.as_ref().is_some_and(|first| first.note.is_some());
    let doubled = double(n).await;
    let note = content.first.as_ref().map(|first| first.n + doubled);
    let notes = content
        .inner
        .iter()
        .filter(|part| part.note.is_none())
        .map(|part| part.n)
        .collect::<Vec<_>>();
    (n, label, known, note, notes)
}

#[test]
fn methods_of_options_know_what_is_missing() {
    check::<noted>(
        json!({}),
        json!([["double", {"n": -1}]]),
        End::Output(json!([-1, "", false, null, []])),
    );
    check::<noted>(
        json!({"first": {"n": 3}, "inner": [{"n": 1}, {"n": 2, "note": 1}]}),
        json!([["double", {"n": -1}]]),
        End::Output(json!([-1, "", false, 1, [1]])),
    );
    check::<noted>(
        json!({"first": {"n": 3, "note": 4}, "label": "l"}),
        json!([["double", {"n": 4}]]),
        End::Output(json!([4, "l", true, 11, []])),
    );
}

#[workflow]
async fn changed(mut content: Box_) -> (Box_, Box_) {
    let before = content.clone();
    if content.label.is_none() {
        content.label = Some("new".to_owned());
    }
    content.inner.push(Part { n: 1, note: None });
    let packed = pack(&content).await;
    if packed.first.is_none() {
        content.first = packed.inner.first().cloned();
    }
    (before, content)
}

#[test]
fn a_parameter_may_be_changed() {
    check::<changed>(
        json!({"inner": [{"n": 4}]}),
        json!([["pack", {"content": {"label": "new", "inner": [part(4), part(1)], "first": null}}]]),
        End::Output(json!([
            {"label": null, "inner": [part(4)], "first": null},
            {"label": "new", "inner": [part(4), part(1)], "first": part(4)}
        ])),
    );
}

#[workflow]
async fn waits_for_more(content: Box_) -> (Vec<Part>, bool) {
    let mut parts = content.inner.clone();
    let mut rounds = 0;
    while parts.len() < 3 && rounds < 5 {
        sleep(Duration::from_secs(1)).await;
        let more = list(&parts).await;
        parts.extend(more);
        rounds += 1;
    }
    let same = parts.first() == content.inner.first();
    (parts, same)
}

#[test]
fn a_list_may_grow_by_answers() {
    check_with::<waits_for_more>(
        Doubles::new().task("list", |call: &testing::Call| match call.earlier {
            0 => Ok(json!([{"n": 7}])),
            _ => Ok(json!([{"n": 8, "note": 1}, {"n": 9}])),
        }),
        json!({"inner": [{"n": 4}]}),
        json!([["list", {"parts": [part(4)]}], ["list", {"parts": [part(4), part(7)]}]]),
        End::Output(json!([
            [part(4), part(7), {"n": 8, "note": 1}, part(9)], true
        ])),
    );
}
