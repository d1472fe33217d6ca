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
