//! Parts that are moved or copied out of a variable which changes afterwards: the variable keeps
//! what it was given, whatever was taken out of it.

use super::*;

#[data]
struct Point {
    x: i64,
    y: i64,
    name: String,
    note: Option<String>,
    items: Vec<i64>,
    more: Vec<i64>,
}

fn point() -> Value {
    json!({"x": 1, "y": 2, "name": "t", "note": "q", "items": [5], "more": [6, 7]})
}

#[workflow]
async fn from_its_own_field(mut p: Point) -> i64 {
    p.x = p.y;
    double(p.x).await;
    p.x = if p.y > 1 { p.x } else { p.y };
    p.items.push(p.x);
    double(p.items.len() as i64).await;
    p.x * 10 + p.items[1]
}

#[test]
fn a_field_gets_the_value_of_another() {
    check::<from_its_own_field>(
        point(),
        json!([["double", {"n": 2}], ["double", {"n": 2}]]),
        End::Output(json!(22)),
    );
}

#[workflow]
async fn in_a_branch(mut p: Point) -> i64 {
    let d = double(1).await;
    if d > 1 {
        let before = p.x;
        p.x = before + 10;
    }
    match p.y {
        2 => p.y = 7,
        other => p.y = other + 1,
    }
    double(p.x).await;
    p.x * 100 + p.y
}

#[test]
fn a_branch_reads_and_changes_a_field() {
    check::<in_a_branch>(
        point(),
        json!([["double", {"n": 1}], ["double", {"n": 11}]]),
        End::Output(json!(1107)),
    );
}

#[workflow]
async fn taken_and_given_back(n: i64) -> Option<Vec<i64>> {
    let mut kept = if n > 0 { Some(vec![n]) } else { None };
    double(1).await;
    if let Some(mut list) = kept {
        list.push(7);
        kept = Some(list);
    }
    double(2).await;
    kept
}

#[test]
fn what_a_pattern_took_out_is_put_back() {
    let calls = json!([["double", {"n": 1}], ["double", {"n": 2}]]);
    check::<taken_and_given_back>(json!(4), calls.clone(), End::Output(json!([4, 7])));
    check::<taken_and_given_back>(json!(0), calls, End::Output(json!(null)));
}

#[workflow]
async fn fields_swapped(mut p: Point) -> Point {
    double(1).await;
    let items = p.items;
    p.items = p.more;
    p.more = items;
    if let Some(note) = p.note {
        p.x += note.len() as i64;
        p.note = None;
    }
    double(p.x).await;
    p
}

#[test]
fn moved_fields_are_given_other_values() {
    check::<fields_swapped>(
        point(),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!({
            "x": 2, "y": 2, "name": "t", "note": null, "items": [6, 7], "more": [5]
        })),
    );
}

#[workflow]
async fn the_rest_changes(mut p: Point, taken: bool) -> i64 {
    let mut length = 0;
    if taken {
        let items = p.items;
        p.x += 5;
        length = items.len() as i64;
    }
    let name = p.name;
    p.y += 1;
    let d = double(p.x).await;
    d + p.y + length + name.len() as i64
}

#[test]
fn what_is_left_of_a_variable_changes() {
    check::<the_rest_changes>(
        json!({"p": point(), "taken": true}),
        json!([["double", {"n": 6}]]),
        End::Output(json!(12 + 3 + 1 + 1)),
    );
    check::<the_rest_changes>(
        json!({"p": point(), "taken": false}),
        json!([["double", {"n": 1}]]),
        End::Output(json!(2 + 3 + 1)),
    );
}

#[workflow]
async fn rest_of_a_struct(n: i64) -> i64 {
    let mut p =
        Point { x: n, y: 2, name: "t".to_owned(), note: None, items: page(n).await, more: vec![] };
    p.y += double(n).await;
    let q = Point { name: "q".to_owned(), x: 9, items: vec![], ..p };
    p.x += double(q.y).await;
    p.x + q.x + p.items.len() as i64
}

#[test]
fn the_rest_of_a_struct_may_come_from_one_that_changes() {
    check::<rest_of_a_struct>(
        json!(3),
        json!([["page", {"n": 3}], ["double", {"n": 3}], ["double", {"n": 8}]]),
        End::Output(json!(3 + 16 + 9 + 3)),
    );
}
