//! What others wrote: inputs and results that serde reads and would write otherwise. Native code
//! writes what it has read; so does the export.

use super::*;
use std::collections::BTreeMap;

#[data]
struct Wish {
    name: String,
    note: Option<String>,
    #[serde(default = "seven")]
    count: i64,
    gift: Option<Gift>,
}

#[data]
struct Gift {
    weight: i64,
    card: Option<String>,
}

#[data]
struct Plain {
    id: String,
    n: i64,
}

#[data]
#[serde(tag = "kind")]
enum Parcel {
    Letter { stamp: Option<String> },
    Package(Gift),
    Nothing,
}

#[data]
struct Lists {
    wishes: Vec<Wish>,
    pairs: Vec<(i64, Option<i64>)>,
    nested: Vec<Vec<Gift>>,
    by_name: BTreeMap<String, Gift>,
    parcels: Vec<Parcel>,
}

#[data]
struct Sparse {
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(alias = "no", alias = "nr")]
    number: i64,
}

fn seven() -> i64 {
    7
}

#[task]
async fn grant(wish: &Wish) -> Wish {
    wish.clone()
}

#[task]
async fn read_plain(plain: &Plain) -> Plain {
    plain.clone()
}

#[task]
async fn read_lists(lists: &Lists) -> i64 {
    lists.wishes.len() as i64
}

#[task]
async fn read_sparse(sparse: &Sparse) -> Sparse {
    sparse.clone()
}

#[task]
async fn send(parcel: &Parcel) -> Parcel {
    parcel.clone()
}

fn whole() -> Value {
    json!({"name": "x", "note": null, "count": 7, "gift": null})
}

#[workflow]
async fn handed_on(wish: Wish) -> i64 {
    grant(&wish).await.count
}

#[test]
fn a_task_is_given_every_key() {
    let calls = |wish: Value| json!([["grant", {"wish": wish}]]);
    check::<handed_on>(json!({"name": "x"}), calls(whole()), End::Output(json!(7)));
    check::<handed_on>(
        json!({"name": "x", "gift": {"weight": 1}, "note": "n", "count": 2}),
        calls(json!({
            "name": "x", "note": "n", "count": 2, "gift": {"weight": 1, "card": null}
        })),
        End::Output(json!(2)),
    );
}

#[workflow]
async fn returned(wish: Wish) -> Wish {
    wish
}

#[workflow]
async fn returned_plain(plain: Plain) -> Plain {
    plain
}

#[test]
fn what_is_returned_is_what_serde_writes() {
    check::<returned>(json!({"name": "x", "more": 1}), json!([]), End::Output(whole()));
    check::<returned_plain>(
        json!({"id": "x", "more": 1, "n": 1.0}),
        json!([]),
        End::Output(json!({"id": "x", "n": 1})),
    );
}

#[workflow]
async fn plain_handed_on(plain: Plain) -> Plain {
    let given = plain.clone();
    let answer = read_plain(&plain).await;
    if answer.n > 5 { given } else { answer }
}

#[test]
fn members_that_no_type_names_are_dropped_where_they_could_be_seen() {
    for n in [1, 6] {
        equivalent::<plain_handed_on>().input(json!({"id": "x", "n": n, "more": [1]})).check();
    }
}

#[workflow]
async fn compared(both: (Plain, Plain)) -> bool {
    both.0 == both.1
}

#[test]
fn members_that_no_type_names_are_not_compared() {
    check::<compared>(
        json!([{"id": "x", "n": 1, "more": 1}, {"n": 1.0, "id": "x"}]),
        json!([]),
        End::Output(json!(true)),
    );
}

#[workflow]
async fn lists(lists: Lists) -> Lists {
    read_lists(&lists).await;
    lists
}

#[test]
fn parts_of_all_kinds_are_made_whole() {
    let input = json!({
        "wishes": [{"name": "a"}],
        "pairs": [[1, null], [2, 3]],
        "nested": [[{"weight": 1}], [], [{"weight": 2}, {"weight": 3, "card": "c"}]],
        "by_name": {"one": {"weight": 1}, "$two": {"weight": 2, "card": null}},
        "parcels": [
            {"kind": "Letter"}, {"kind": "Package", "weight": 4}, {"kind": "Nothing", "x": 1}
        ],
    });
    let empty = json!({"wishes": [], "pairs": [], "nested": [], "by_name": {}, "parcels": []});
    let gift = |weight: i64| json!({"weight": weight, "card": null});
    let output = json!({
        "wishes": [{"name": "a", "note": null, "count": 7, "gift": null}],
        "pairs": [[1, null], [2, 3]],
        "nested": [[gift(1)], [], [gift(2), {"weight": 3, "card": "c"}]],
        "by_name": {"one": gift(1), "$two": gift(2)},
        "parcels": [
            {"kind": "Letter", "stamp": null},
            {"kind": "Package", "weight": 4, "card": null},
            {"kind": "Nothing"},
        ],
    });
    let called = json!([["read_lists", {"lists": output}]]);
    let runs = equivalent::<lists>().input(input).input(empty.clone()).check();
    assert_eq!(runs[0].output(), Some(&output));
    assert_eq!(json!([["read_lists", runs[0].calls[0].arguments]]), called);
    assert_eq!(runs[1].output(), Some(&empty));
}

#[workflow]
async fn sparse(sparse: Sparse) -> (Sparse, i64) {
    let count = sparse.tags.len() as i64;
    let answer = read_sparse(&sparse).await;
    let built = Sparse { note: None, tags: answer.tags, number: answer.number + count };
    let given = read_sparse(&built).await;
    (given, count)
}

#[test]
fn skipped_fields_are_skipped_and_aliases_are_read() {
    check::<sparse>(
        json!({"note": null, "tags": [], "no": 1}),
        json!([["read_sparse", {"sparse": {"number": 1}}], ["read_sparse", {"sparse": {"number": 1}}]]),
        End::Output(json!([{"number": 1}, 0])),
    );
    check::<sparse>(
        json!({"note": "n", "tags": ["a"], "nr": 2}),
        json!([
            ["read_sparse", {"sparse": {"note": "n", "tags": ["a"], "number": 2}}],
            ["read_sparse", {"sparse": {"tags": ["a"], "number": 3}}]
        ]),
        End::Output(json!([{"tags": ["a"], "number": 3}, 1])),
    );
}

#[workflow]
async fn answered(name: String) -> Wish {
    let wish = Wish { name, note: None, count: 1, gift: None };
    let first = grant(&wish).await;
    let second = grant(&first).await;
    if second.note.is_none() && second.gift.is_some() { second } else { first }
}

#[test]
fn an_answer_may_leave_out_keys() {
    let doubles = || {
        Doubles::new().task("grant", |call: &testing::Call| match call.earlier {
            0 => Ok(json!({"name": "one"})),
            _ => Ok(json!({"name": "two", "gift": {"weight": 2}})),
        })
    };
    let wish =
        |name: &str, count: i64| json!({"name": name, "note": null, "count": count, "gift": null});
    check_with::<answered>(
        doubles(),
        json!("a"),
        json!([["grant", {"wish": wish("a", 1)}], ["grant", {"wish": wish("one", 7)}]]),
        End::Output(json!({
            "name": "two", "note": null, "count": 7, "gift": {"weight": 2, "card": null}
        })),
    );
}

#[workflow]
async fn passed_through(name: String) -> Wish {
    grant(&Wish { name, note: None, count: 1, gift: None }).await
}

#[workflow]
async fn over_a_child(wish: Wish) -> Wish {
    let first = returned(wish).await;
    grant(&first).await;
    passed_through(first.name).await
}

#[test]
fn a_child_is_given_and_gives_every_key() {
    let doubles = Doubles::new().task("grant", |_: &testing::Call| Ok(json!({"name": "two"})));
    let second = json!({"name": "x", "note": null, "count": 1, "gift": null});
    check_with::<over_a_child>(
        doubles,
        json!({"name": "x", "more": 1}),
        json!([["grant", {"wish": whole()}], ["grant", {"wish": second}]]),
        End::Output(json!({"name": "two", "note": null, "count": 7, "gift": null})),
    );
}

#[workflow]
async fn spread(lists: Lists) -> (Vec<Wish>, Vec<Parcel>) {
    let granted = join_all(lists.wishes.iter().map(|wish| grant(wish))).await;
    let mut sent = vec![];
    for parcel in lists.parcels {
        sent.push(send(&parcel).await);
    }
    (granted, sent)
}

#[test]
fn items_are_made_whole_before_they_are_walked() {
    let input = json!({
        "wishes": [{"name": "x", "more": 1}], "pairs": [], "nested": [], "by_name": {},
        "parcels": [{"kind": "Letter"}, {"kind": "Package", "weight": 4}],
    });
    check::<spread>(
        input,
        json!([
            ["grant", {"wish": whole()}],
            ["send", {"parcel": {"kind": "Letter", "stamp": null}}],
            ["send", {"parcel": {"kind": "Package", "weight": 4, "card": null}}]
        ]),
        End::Output(json!([
            [whole()],
            [
                {"kind": "Letter", "stamp": null}, {"kind": "Package", "weight": 4, "card": null}
            ]
        ])),
    );
}

#[data]
#[derive(TaskError)]
enum Sad {
    Broken { wish: Wish, why: Option<String> },
}

#[task]
async fn risky(n: i64) -> Result<i64, Sad> {
    Ok(n)
}

#[workflow]
async fn failed(wish: Wish) -> Result<i64, Sad> {
    match risky(1).await {
        Ok(n) => Err(Sad::Broken { wish, why: Some(format!("{n}")) }),
        Err(Sad::Broken { wish, why }) => {
            Err(Sad::Broken { wish, why: Some(why.unwrap_or_else(|| "none".to_owned())) })
        }
    }
}

#[test]
fn errors_are_written_as_serde_writes_them() {
    check::<failed>(
        json!({"more": 1, "count": 2, "name": "x"}),
        json!([["risky", {"n": 1}]]),
        error(
            "Broken",
            json!({"Broken": {
                "wish": {"name": "x", "note": null, "count": 2, "gift": null}, "why": "1"
            }}),
        ),
    );
    check_with::<failed>(
        Doubles::new().task("risky", |_: &testing::Call| {
            Answer::fail("Broken", r#"{"Broken":{"wish":{"name":"y"}}}"#)
        }),
        json!({"name": "x"}),
        json!([["risky", {"n": 1}]]),
        error(
            "Broken",
            json!({"Broken": {
                "wish": {"name": "y", "note": null, "count": 7, "gift": null}, "why": "none"
            }}),
        ),
    );
}
