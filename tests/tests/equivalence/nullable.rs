//! Values that may be null, in lists and in data: what may be done with them is the same.

use super::*;

#[data]
struct Part {
    n: i64,
    note: Option<i64>,
}

#[workflow]
async fn gone_through(list: Vec<Option<i64>>) -> i64 {
    let mut sum = double(list.len() as i64).await;
    for each in &list {
        sum += double(each.unwrap_or(7)).await;
    }
    if !list.is_empty() {
        match list[0] {
            Some(first) => sum += first,
            None => sum -= 1,
        }
    }
    sum
}

#[test]
fn a_list_with_nulls_is_counted_indexed_and_gone_through() {
    let calls = |list: &[i64]| list.iter().map(|n| json!(["double", {"n": n}])).collect::<Value>();
    check::<gone_through>(json!([]), calls(&[0]), End::Output(json!(0)));
    check::<gone_through>(json!([null]), calls(&[1, 7]), End::Output(json!(15)));
    check::<gone_through>(json!([5, null]), calls(&[2, 5, 7]), End::Output(json!(33)));
}

#[workflow]
async fn looked_into(
    parts: Vec<Part>,
    lists: Vec<Vec<Option<i64>>>,
) -> (i64, i64, usize, Vec<Option<i64>>) {
    let n = double(parts.last().map(|part| part.n).unwrap_or(1)).await;
    let note = parts.first().and_then(|part| part.note).unwrap_or(3);
    let inner = lists.first().map(|list| list.len()).unwrap_or(9);
    let made = Some(note).map(|note| note + 1).unwrap_or_default();
    (n, made, inner, parts.iter().map(|part| part.note).collect::<Vec<_>>())
}

#[test]
fn what_is_never_null_may_be_in_an_option_and_hold_nulls() {
    check::<looked_into>(
        json!({"parts": [], "lists": []}),
        json!([["double", {"n": 1}]]),
        End::Output(json!([2, 4, 9, []])),
    );
    check::<looked_into>(
        json!({"parts": [{"n": 2, "note": 5}, {"n": 4, "note": null}], "lists": [[null]]}),
        json!([["double", {"n": 4}]]),
        End::Output(json!([8, 6, 1, [5, null]])),
    );
}

/// The JSON of its only field.
#[data]
struct Count(i64);

#[workflow]
async fn put_in(n: i64, text: Option<String>) -> (Option<String>, i64, i64, i64, Option<i64>) {
    let first = double(n).await;
    let word = if n > 1 {
        Some("many".into())
    } else {
        Some({
            let next = n + 1;
            format!("before {next}")
        })
    };
    let counted = match Some(Count(first)) {
        Some(Count(count)) => count + 1,
        None => 0,
    };
    let chosen = match Some(if n > 1 { n } else { first * 10 }) {
        Some(chosen) => chosen,
        None => 1,
    };
    let matched = match Some(match text.as_deref() {
        Some("a") => 1,
        Some(_) => first,
        None => 3,
    }) {
        Some(matched) => matched,
        None => 4,
    };
    let long = text.as_ref().map(|text| {
        let n = text.len() as i64;
        n + 1
    });
    double(1).await;
    (word, counted, chosen, matched, long)
}

#[test]
fn blocks_branches_and_conversions_may_stand_in_an_option() {
    let calls = |n: i64| json!([["double", {"n": n}], ["double", {"n": 1}]]);
    check::<put_in>(
        json!({"n": 1, "text": null}),
        calls(1),
        End::Output(json!(["before 2", 3, 20, 3, null])),
    );
    check::<put_in>(
        json!({"n": 5, "text": "xyz"}),
        calls(5),
        End::Output(json!(["many", 11, 5, 10, 4])),
    );
    check::<put_in>(
        json!({"n": 5, "text": "a"}),
        calls(5),
        End::Output(json!(["many", 11, 5, 1, 2])),
    );
}
