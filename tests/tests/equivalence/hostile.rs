//! Values and names that look like something else.

use super::*;
use std::collections::BTreeMap;

#[task]
async fn keep(text: &str) -> String {
    text.to_owned()
}

#[task]
async fn keep_all(texts: Vec<String>) -> Vec<String> {
    texts
}

#[task]
async fn nest(lists: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    lists
}

#[data]
struct Point(i64, i64);

#[data]
#[serde(rename_all = "camelCase")]
struct Odd {
    #[serde(rename = "$count")]
    count: i64,
    #[serde(rename = "a b")]
    blank: String,
    #[serde(rename = "and")]
    both: bool,
    #[serde(rename = "`tick")]
    tick: Option<i64>,
    #[serde(rename = "{%x%}")]
    marks: Vec<i64>,
    #[serde(rename = "")]
    nameless: i64,
    #[serde(rename = "quote\"'\\")]
    quote: i64,
    r#in: i64,
}

#[data]
enum External {
    Nothing,
    One(i64),
    List(Vec<i64>),
    Two(i64, String),
    Pair(Point),
    Named { value: Option<i64>, list: Vec<Point> },
}

#[data]
#[serde(tag = "tag")]
enum Internal {
    Nothing,
    Named { value: Option<i64> },
    Held(Odd),
}

#[data]
#[serde(tag = "tag", content = "content")]
enum Adjacent {
    Nothing,
    One(i64),
    List(Vec<Vec<i64>>),
    Two(i64, Point),
    Named { value: Option<i64> },
}

#[workflow]
async fn texts_of_all_kinds(given: String) -> Vec<String> {
    let marks = keep("{% $states.input %}").await;
    let quotes = keep("'\"`\\ \n\t{}[]$").await;
    let pair = keep("𝄞é\u{1F469}\u{200D}\u{1F680}").await;
    let empty = keep("").await;
    let joined = keep_all(vec![marks, quotes, format!("{{{given}}} {{%"), pair]).await;
    let mut all = joined.clone();
    all.push(empty);
    all.push(format!("%}}{}'{}\"", all.len(), joined.len()));
    all
}

#[test]
fn texts_are_texts_whatever_they_look_like() {
    check::<texts_of_all_kinds>(
        json!("{% 1 %}"),
        json!([
            ["keep", {"text": "{% $states.input %}"}],
            ["keep", {"text": "'\"`\\ \n\t{}[]$"}],
            ["keep", {"text": "𝄞é\u{1F469}\u{200D}\u{1F680}"}],
            ["keep", {"text": ""}],
            ["keep_all", {"texts": [
                "{% $states.input %}", "'\"`\\ \n\t{}[]$", "{{% 1 %}} {%",
                "𝄞é\u{1F469}\u{200D}\u{1F680}"
            ]}]
        ]),
        End::Output(json!([
            "{% $states.input %}",
            "'\"`\\ \n\t{}[]$",
            "{{% 1 %}} {%",
            "𝄞é\u{1F469}\u{200D}\u{1F680}",
            "",
            "%}5'4\""
        ])),
    );
}

#[workflow]
async fn lengths(text: String) -> (usize, usize, String, bool) {
    let first = keep(&text).await;
    (first.len(), first.chars().count(), first.to_uppercase(), first.is_empty())
}

#[test]
fn lengths_are_bytes_and_characters_are_characters() {
    let calls = |text: &str| json!([["keep", {"text": text}]]);
    check::<lengths>(json!("é𝄞%41"), calls("é𝄞%41"), End::Output(json!([9, 5, "É𝄞%41", false])));
    check::<lengths>(json!(""), calls(""), End::Output(json!([0, 0, "", true])));
}

#[workflow]
async fn lists_in_lists(n: i64) -> Vec<Vec<Vec<i64>>> {
    let empty: Vec<Vec<i64>> = vec![];
    let one = nest(vec![vec![n]]).await;
    let none = nest(empty.clone()).await;
    let hollow = nest(vec![vec![]]).await;
    let two = nest(vec![vec![], vec![n, n]]).await;
    let mut grown = vec![one.clone()];
    grown.push(none);
    grown.push(hollow.iter().map(|inner| inner.clone()).collect::<Vec<_>>());
    grown.push(two.into_iter().filter(|inner| inner.len() != 1).collect::<Vec<_>>());
    grown.push(
        one.iter().map(|inner| inner.iter().map(|x| x + 1).collect::<Vec<_>>()).collect::<Vec<_>>(),
    );
    grown.extend(vec![vec![vec![n]]]);
    grown
}

#[test]
fn lists_of_one_and_of_none_stay_lists() {
    check::<lists_in_lists>(
        json!(7),
        json!([
            ["nest", {"lists": [[7]]}],
            ["nest", {"lists": []}],
            ["nest", {"lists": [[]]}],
            ["nest", {"lists": [[], [7, 7]]}]
        ]),
        End::Output(json!([[[7]], [], [[]], [[], [7, 7]], [[8]], [[7]]])),
    );
}

type Tuples = (Vec<Point>, Vec<(i64, Vec<i64>)>, (Point, Point));

#[workflow]
async fn tuples_in_lists(n: i64) -> Tuples {
    let d = double(n).await;
    let points = vec![Point(n, d)];
    let mut more = points.clone();
    more.push(Point(0, 0));
    let pairs = more.iter().map(|p| (p.0, vec![p.1])).collect::<Vec<_>>();
    double(d).await;
    let one = points.iter().filter(|p| p.0 == n).map(|p| Point(p.1, p.0)).collect::<Vec<_>>();
    (one, pairs, (Point(1, 2), Point(d, n)))
}

#[test]
fn tuple_structs_are_arrays_and_are_not_spliced() {
    check::<tuples_in_lists>(
        json!(3),
        json!([["double", {"n": 3}], ["double", {"n": 6}]]),
        End::Output(json!([[[6, 3]], [[3, [6]], [0, [0]]], [[1, 2], [6, 3]]])),
    );
}

#[task]
async fn odd(odd: &Odd) -> Odd {
    odd.clone()
}

#[workflow]
async fn odd_names(mut given: Odd) -> (Odd, i64) {
    given.count += 1;
    let back = odd(&given).await;
    let built = Odd { tick: None, marks: vec![back.marks[0]], both: !back.both, ..back.clone() };
    let Odd { count, blank, nameless, .. } = built.clone();
    let sum = count + blank.len() as i64 + nameless + built.quote + built.r#in;
    (built, if back.both { sum } else { -sum })
}

#[test]
fn keys_may_be_called_anything() {
    let given = |count: i64| {
        json!({
            "$count": count, "a b": "xy", "and": true, "`tick": 5, "{%x%}": [9, 8], "": 1,
            "quote\"'\\": 2, "in": 3
        })
    };
    check::<odd_names>(
        given(1),
        json!([["odd", {"odd": given(2)}]]),
        End::Output(json!([
            {
                "$count": 2, "a b": "xy", "and": false, "`tick": null, "{%x%}": [9], "": 1,
                "quote\"'\\": 2, "in": 3
            },
            10
        ])),
    );
}

#[workflow]
async fn external(values: Vec<External>) -> (i64, Vec<External>) {
    let mut sum = 0;
    let mut made = vec![];
    for value in values {
        sum += match &value {
            External::Nothing => double(1).await,
            External::One(n) if *n > 100 => 100,
            External::One(n) => *n,
            External::List(list) => list.len() as i64,
            External::Two(n, text) => n + text.len() as i64,
            External::Pair(Point(x, y)) => x * y,
            External::Named { value: Some(n), list } => n + list.len() as i64,
            External::Named { value: None, list } => list.iter().map(|p| p.0).sum::<i64>(),
        };
        made.push(value);
    }
    made.push(External::List(vec![sum]));
    made.push(External::Pair(Point(sum, 0)));
    made.push(External::Two(sum, "{%".to_owned()));
    made.push(External::Named { value: None, list: vec![Point(1, 2)] });
    (double(sum).await, made)
}

#[test]
fn enums_tagged_outside() {
    let values = json!([
        "Nothing", {"One": 101}, {"One": 3}, {"List": []}, {"List": [1]}, {"Two": [4, "ab"]},
        {"Pair": [5, 6]}, {"Named": {"value": 7, "list": []}},
        {"Named": {"value": null, "list": [[8, 0], [9, 0]]}}
    ]);
    let sum = 2 + 100 + 3 + 1 + 6 + 30 + 7 + 17;
    let mut made = values.as_array().unwrap().clone();
    made.extend([
        json!({"List": [sum]}),
        json!({"Pair": [sum, 0]}),
        json!({"Two": [sum, "{%"]}),
        json!({"Named": {"value": null, "list": [[1, 2]]}}),
    ]);
    check::<external>(
        values,
        json!([["double", {"n": 1}], ["double", {"n": sum}]]),
        End::Output(json!([2 * sum, made])),
    );
}

#[workflow]
async fn tagged(inside: Internal, beside: Adjacent) -> (Vec<Internal>, Vec<Adjacent>, i64) {
    let d = double(1).await;
    let n = match (&inside, &beside) {
        (Internal::Nothing, Adjacent::Nothing) => 1,
        (Internal::Named { value: Some(x) }, Adjacent::One(y)) => x * y,
        (Internal::Held(odd), Adjacent::List(list)) => odd.count + list.len() as i64,
        (_, Adjacent::Two(a, Point(b, c))) => a + b + c,
        (_, Adjacent::Named { value }) => value.unwrap_or(-1),
        _ => d,
    };
    (
        vec![inside, Internal::Named { value: Some(n) }, Internal::Nothing],
        vec![
            beside,
            Adjacent::Two(n, Point(n, 0)),
            Adjacent::List(vec![vec![n]]),
            Adjacent::Nothing,
        ],
        n,
    )
}

#[test]
fn enums_tagged_inside_and_beside() {
    let held = json!({
        "tag": "Held", "$count": 4, "a b": "", "and": false, "`tick": null, "{%x%}": [], "": 0,
        "quote\"'\\": 0, "in": 0
    });
    for (inside, beside, n) in [
        (json!({"tag": "Nothing"}), json!({"tag": "Nothing"}), 1),
        (json!({"tag": "Named", "value": 3}), json!({"tag": "One", "content": 4}), 12),
        (held, json!({"tag": "List", "content": [[], [1]]}), 6),
        (json!({"tag": "Nothing"}), json!({"tag": "Two", "content": [1, [2, 3]]}), 6),
        (json!({"tag": "Nothing"}), json!({"tag": "Named", "content": {"value": null}}), -1),
        (json!({"tag": "Named", "value": null}), json!({"tag": "One", "content": 4}), 2),
    ] {
        check::<tagged>(
            json!({"inside": inside, "beside": beside}),
            json!([["double", {"n": 1}]]),
            End::Output(json!([
                [inside, {"tag": "Named", "value": n}, {"tag": "Nothing"}],
                [
                    beside, {"tag": "Two", "content": [n, [n, 0]]},
                    {"tag": "List", "content": [[n]]}, {"tag": "Nothing"}
                ],
                n
            ])),
        );
    }
}

#[workflow]
async fn maps(map: BTreeMap<String, Vec<i64>>) -> (BTreeMap<String, Vec<i64>>, usize, bool) {
    double(1).await;
    let count = map.len();
    (map, count, count == 0)
}

#[test]
fn maps_may_have_any_keys() {
    for (map, count) in [
        (json!({}), 0),
        (json!({"": [], "$x": [1], "a.b": [1, 2], "{% 1 %}": [], "__proto__": [3]}), 5),
    ] {
        check::<maps>(
            map.clone(),
            json!([["double", {"n": 1}]]),
            End::Output(json!([map, count, count == 0])),
        );
    }
}

#[workflow]
async fn built_ins(count: i64, sum: i64, states: i64, map: i64) -> i64 {
    let string = double(count).await;
    let exists = double(sum).await;
    let append = vec![string, exists];
    let reduce = append.iter().map(|map| map + states).collect::<Vec<_>>();
    let error = double(map).await;
    let (and, or, not) = (reduce[0], reduce[1], error);
    let function = and + or;
    let merge = function * 2;
    double(merge).await + reduce.iter().sum::<i64>() + not + append.len() as i64
}

#[test]
fn variables_may_be_called_like_functions() {
    check::<built_ins>(
        json!({"count": 1, "sum": 2, "states": 3, "map": 4}),
        json!([
            ["double", {"n": 1}], ["double", {"n": 2}], ["double", {"n": 4}], ["double", {"n": 24}]
        ]),
        End::Output(json!(48 + 12 + 8 + 2)),
    );
}

#[workflow]
async fn shadows(x: i64) -> i64 {
    let x = double(x).await + x;
    let y = {
        let x = x + 1;
        let x = double(x).await;
        x - 1
    };
    let f = vec![1, 2].iter().map(|x| x + y).collect::<Vec<_>>();
    let x = f.iter().map(|x| f.iter().map(|y| x * y).sum::<i64>()).sum::<i64>() + x;
    if let Some(x) = Some(y).filter(|x| *x > 5) {
        double(x).await;
    }
    x
}

#[test]
fn names_may_be_given_again_in_closures_and_blocks() {
    // x = 3, y = 7, f = [8, 9], sum of products = 17 * 17
    check::<shadows>(
        json!(1),
        json!([["double", {"n": 1}], ["double", {"n": 4}], ["double", {"n": 7}]]),
        End::Output(json!(289 + 3)),
    );
}

#[workflow]
async fn leaves_early(rows: Vec<Vec<i64>>) -> Result<i64, FlowError> {
    let mut seen = 0;
    'rows: for row in &rows {
        for n in row {
            if *n == 0 {
                continue 'rows;
            }
            if *n < 0 {
                if *n == -1 {
                    break 'rows;
                }
                return Err(FlowError::Bad { why: format!("{n} after {seen}") });
            }
            if *n > 1000 {
                charge_more(*n).await?;
            }
            seen += double(*n).await;
        }
    }
    let found = loop {
        seen -= 1;
        if seen % 5 == 0 {
            break seen;
        }
        if seen < 0 {
            return Ok(-1);
        }
        double(0).await;
    };
    Ok(found)
}

#[task]
async fn charge_more(n: i64) -> Result<i64, ChargeError> {
    Err(ChargeError::Declined { code: n as u16 })
}

#[test]
fn loops_may_be_left_from_anywhere() {
    check::<leaves_early>(
        json!([[1, 0, 5], [], [2, -1, 9], [7]]),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(5)),
    );
    check::<leaves_early>(
        json!([[2], [-2]]),
        json!([["double", {"n": 2}]]),
        error("Bad", json!({"Bad": {"why": "-2 after 4"}})),
    );
    check::<leaves_early>(
        json!([[1001]]),
        json!([["charge_more", {"n": 1001}]]),
        error("Declined", json!({"Declined": {"code": 1001}})),
    );
    check::<leaves_early>(json!([]), json!([]), End::Output(json!(-1)));
}

#[workflow]
async fn limits(n: i64, small: i8) -> (i64, i8) {
    let d = double(1).await;
    (n + d - 2, small + 1)
}

#[test]
fn integers_end_where_they_end() {
    const LARGEST: i64 = 9_007_199_254_740_991;
    let calls = json!([["double", {"n": 1}]]);
    check::<limits>(
        json!({"n": LARGEST - 2, "small": 126}),
        calls.clone(),
        End::Output(json!([LARGEST - 2, 127])),
    );
    check::<limits>(json!({"n": LARGEST, "small": 1}), calls.clone(), End::Breaks);
    check::<limits>(json!({"n": 0, "small": 127}), calls, End::Breaks);
}

#[workflow]
async fn letters(letter: char, maybe: Option<char>) -> (char, Option<char>, bool, Vec<char>) {
    let same = double(1).await == 2 && Some(letter) == maybe;
    let picked = match letter {
        'a'..='c' => 'x',
        '𝄞' => '"',
        other => other,
    };
    (picked, maybe, same, vec![letter, '\n'])
}

#[test]
fn letters_are_texts_of_one() {
    let calls = json!([["double", {"n": 1}]]);
    check::<letters>(
        json!({"letter": "𝄞", "maybe": "𝄞"}),
        calls.clone(),
        End::Output(json!(["\"", "𝄞", true, ["𝄞", "\n"]])),
    );
    check::<letters>(
        json!({"letter": "é", "maybe": null}),
        calls,
        End::Output(json!(["é", null, false, ["é", "\n"]])),
    );
}

#[workflow]
async fn large(text: String) -> usize {
    let both = vec![text.clone(), text];
    let back = keep_all(both).await;
    back.len()
}

#[test]
fn what_is_too_large_fails_alike() {
    // two of these, their quotes, brackets and name are under or over 262,144 bytes
    let text = |length: usize| "x".repeat(length);
    let runs = equivalent::<large>().input(text(131_000)).check();
    assert_eq!(runs[0].output(), Some(&json!(2)));
    let runs = equivalent::<large>().input(text(131_200)).check();
    assert!(runs[0].failure().is_some());
}
