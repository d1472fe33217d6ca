//! Keys that the caller leaves out of the input: serde fills them in, and so does the export,
//! wherever the value went before it is read.

use super::*;

#[data]
struct Wish {
    #[serde(default = "seven")]
    count: i64,
    color: Option<i64>,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    gift: Option<Gift>,
}

#[data]
struct Gift {
    #[serde(default)]
    weight: i64,
    card: Option<String>,
}

#[data]
struct Wishes {
    list: Vec<Wish>,
    first: Wish,
}

#[data]
enum Colored {
    Plain(Option<i64>),
    Mixed(Option<i64>, i64),
    Named { color: Option<i64> },
}

fn seven() -> i64 {
    7
}

#[workflow]
async fn in_a_loop(wishes: Wishes) -> i64 {
    let mut total = 0;
    for wish in &wishes.list {
        total += double(wish.count).await;
        if wish.color.is_none() {
            total += 100;
        }
        if let Some(gift) = &wish.gift {
            total += double(gift.weight).await;
            if gift.card.is_none() {
                total += 1000;
            }
        }
        total += double(wish.tags.len() as i64).await;
        if let None = &wish.note {
            total += 10_000;
        }
    }
    total
}

#[test]
fn items_of_a_loop_may_lack_keys() {
    check::<in_a_loop>(
        json!({"list": [{}], "first": {}}),
        json!([["double", {"n": 7}], ["double", {"n": 0}]]),
        End::Output(json!(14 + 100 + 10_000)),
    );
    check::<in_a_loop>(
        json!({"list": [{"gift": {}, "count": 1, "tags": ["a"], "note": "n", "color": 0}], "first": {}}),
        json!([["double", {"n": 1}], ["double", {"n": 0}], ["double", {"n": 1}]]),
        End::Output(json!(2 + 1000 + 2)),
    );
}

#[workflow]
async fn in_variables(wishes: Wishes) -> i64 {
    let first = wishes.first;
    let d = double(1).await;
    let color = match first.color {
        Some(color) => color,
        None => -1,
    };
    let e = double(first.count + color).await;
    let gift = first.gift;
    double(d).await;
    let kind = match &gift {
        Some(gift) if gift.card.is_some() => 1,
        Some(gift) => gift.weight + 2,
        None => 3,
    };
    e + kind + first.tags.len() as i64
}

#[test]
fn variables_may_lack_keys() {
    let calls = |n: i64| json!([["double", {"n": 1}], ["double", {"n": n}], ["double", {"n": 2}]]);
    let first = |first: Value| json!({"list": [], "first": first});
    check::<in_variables>(first(json!({})), calls(6), End::Output(json!(12 + 3)));
    check::<in_variables>(
        first(json!({"gift": {}, "color": 3})),
        calls(10),
        End::Output(json!(20 + 2)),
    );
    check::<in_variables>(
        first(json!({"gift": {"card": "c", "weight": 9}, "color": 3, "tags": ["a"]})),
        calls(10),
        End::Output(json!(20 + 1 + 1)),
    );
}

#[workflow]
async fn in_a_list_that_grows(mut wishes: Wishes) -> i64 {
    wishes.first.count += 1;
    let mut all = vec![];
    all.push(wishes.first);
    double(1).await;
    all.extend(wishes.list);
    let mut total = 0;
    for wish in &all {
        total += double(wish.count).await;
        if wish.color.is_none() {
            total += 100;
        }
    }
    total + all.iter().filter(|wish| wish.note.is_none()).count() as i64
}

#[test]
fn items_of_a_list_that_was_put_together_may_lack_keys() {
    check::<in_a_list_that_grows>(
        json!({"list": [{"count": 2}, {"color": 0}], "first": {"note": "s"}}),
        json!([
            ["double", {"n": 1}], ["double", {"n": 8}], ["double", {"n": 2}], ["double", {"n": 7}]
        ]),
        End::Output(json!(16 + 4 + 14 + 200 + 2)),
    );
}

#[workflow]
async fn in_branches(wishes: Wishes) -> i64 {
    let counts = join_all(wishes.list.iter().map(|wish| async move {
        let d = double(wish.count).await;
        if wish.color.is_none() { d + 1 } else { d }
    }))
    .await;
    let (first, two) = join!(
        async {
            double(1).await;
            wishes.first.clone()
        },
        double(1),
    );
    let missing = first.color.is_none() && first.gift.is_none();
    double(if missing { first.count } else { 0 }).await + counts.iter().sum::<i64>() + two
}

#[test]
fn items_of_a_map_and_values_of_a_branch_may_lack_keys() {
    check::<in_branches>(
        json!({"list": [{}, {"color": 5, "count": 1}], "first": {}}),
        json!([
            ["double", {"n": 7}], ["double", {"n": 1}], ["double", {"n": 1}], ["double", {"n": 1}],
            ["double", {"n": 7}]
        ]),
        End::Output(json!(14 + 15 + 2 + 2)),
    );
}

#[workflow]
async fn put_elsewhere(wish: Wish) -> (Vec<Colored>, Vec<Option<i64>>, Option<i64>, Option<Gift>) {
    let d = double(1).await;
    let color = wish.color;
    let colored = vec![
        Colored::Plain(wish.color),
        Colored::Mixed(wish.color, d),
        Colored::Named { color: wish.color },
    ];
    let list = vec![wish.color, Some(d), None];
    double(2).await;
    let gift = wish.gift.as_ref().map(|g| Gift { weight: g.weight, card: g.card.clone() });
    (colored, list, color, gift)
}

#[test]
fn what_is_missing_is_null_where_it_is_put() {
    let calls = json!([["double", {"n": 1}], ["double", {"n": 2}]]);
    check::<put_elsewhere>(
        json!({}),
        calls.clone(),
        End::Output(json!([
            [{"Plain": null}, {"Mixed": [null, 2]}, {"Named": {"color": null}}],
            [null, 2, null],
            null,
            null
        ])),
    );
    check::<put_elsewhere>(
        json!({"color": 1, "gift": {}}),
        calls,
        End::Output(json!([
            [{"Plain": 1}, {"Mixed": [1, 2]}, {"Named": {"color": 1}}],
            [1, 2, null],
            1,
            {"weight": 0, "card": null}
        ])),
    );
}

#[workflow]
async fn gathered(wishes: Wishes) -> (Vec<Option<i64>>, Option<i64>, i64) {
    let colors = wishes.list.iter().map(|wish| wish.color).collect::<Vec<_>>();
    double(1).await;
    let one = if wishes.first.color == None { 1 } else { 2 };
    (colors, wishes.first.color.or(Some(9)), one)
}

#[test]
fn a_list_of_what_is_missing_has_as_many_nulls() {
    check::<gathered>(
        json!({"list": [{}, {"color": 3}, {}], "first": {}}),
        json!([["double", {"n": 1}]]),
        End::Output(json!([[null, 3, null], 9, 1])),
    );
    check::<gathered>(
        json!({"list": [{}], "first": {"color": 4}}),
        json!([["double", {"n": 1}]]),
        End::Output(json!([[null], 4, 2])),
    );
}
