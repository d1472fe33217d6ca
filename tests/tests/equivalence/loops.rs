//! while, loop, for, labels, break with a value.

use super::*;

#[workflow]
async fn counted(n: i64) -> i64 {
    let mut i = 0;
    let mut sum = 0;
    while i < n {
        sum += double(i).await;
        i += 1;
    }
    sum
}

#[test]
fn while_goes_round_until_its_condition_fails() {
    check::<counted>(
        json!(3),
        json!([["double", {"n": 0}], ["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(6)),
    );
    check::<counted>(json!(0), json!([]), End::Output(json!(0)));
}

#[workflow]
async fn polled(limit: u32) -> Result<u32, FlowError> {
    let mut tries = 0;
    let found = loop {
        tries += 1;
        if tries > limit {
            return Err(FlowError::Empty);
        }
        if is_ready(tries).await {
            break tries * 10;
        }
        sleep(Duration::from_secs(30)).await;
    };
    Ok(found + tries)
}

#[test]
fn loop_breaks_with_a_value_or_returns() {
    check::<polled>(
        json!(5),
        json!([["is_ready", {"n": 1}], ["is_ready", {"n": 2}], ["is_ready", {"n": 3}]]),
        End::Output(json!(33)),
    );
    check::<polled>(
        json!(2),
        json!([["is_ready", {"n": 1}], ["is_ready", {"n": 2}]]),
        error("Empty", json!("Empty")),
    );
}

#[workflow]
async fn over_items(order: Order) -> f64 {
    let mut sum = 0.0;
    for item in &order.items {
        let d = double(item.qty as i64).await;
        sum += item.price * d as f64;
    }
    sum
}

#[test]
fn for_takes_each_item_of_a_list() {
    check::<over_items>(
        order(5, &physical()),
        json!([["double", {"n": 1}], ["double", {"n": 3}]]),
        End::Output(json!(11)),
    );
    let mut empty = order(5, &physical());
    empty["items"] = json!([]);
    check::<over_items>(empty, json!([]), End::Output(json!(0)));
}

#[workflow]
async fn over_range(n: i64) -> i64 {
    let mut sum = 0;
    for i in 0..n {
        sum = add(sum, i).await;
    }
    for i in 1..=2 {
        sum = add(sum, i * 100).await;
    }
    sum
}

#[test]
fn for_counts_through_ranges() {
    check::<over_range>(
        json!(3),
        json!([
            ["add", {"a": 0, "b": 0}], ["add", {"a": 0, "b": 1}], ["add", {"a": 1, "b": 2}],
            ["add", {"a": 3, "b": 100}], ["add", {"a": 103, "b": 200}]
        ]),
        End::Output(json!(303)),
    );
    check::<over_range>(
        json!(0),
        json!([["add", {"a": 0, "b": 100}], ["add", {"a": 100, "b": 200}]]),
        End::Output(json!(300)),
    );
}

#[workflow]
async fn numbered(names: Vec<String>) -> String {
    let mut out = String::new();
    for (i, name) in names.iter().enumerate() {
        let n = double(i as i64).await;
        let sent = deliver(name).await;
        out = format!("{out}{n}{sent};");
    }
    out
}

#[test]
fn for_may_number_the_items() {
    check::<numbered>(
        json!(["a", "b"]),
        json!([
            ["double", {"n": 0}], ["deliver", {"url": "a"}],
            ["double", {"n": 1}], ["deliver", {"url": "b"}]
        ]),
        End::Output(json!("0sent:a;2sent:b;")),
    );
}

#[workflow]
async fn labelled(rows: Vec<Vec<i64>>) -> i64 {
    let mut sum = 0;
    'rows: for row in rows {
        for n in row {
            if n == 0 {
                continue 'rows;
            }
            if n == 99 {
                break 'rows;
            }
            sum += double(n).await;
        }
        sum += 1000;
    }
    sum
}

#[test]
fn labels_name_the_loop_to_leave_or_to_continue() {
    check::<labelled>(
        json!([[1, 2], [3, 0, 4], [5, 99, 6], [7]]),
        json!([["double", {"n": 1}], ["double", {"n": 2}], ["double", {"n": 3}], ["double", {"n": 5}]]),
        End::Output(json!(1022)),
    );
}

#[workflow]
async fn drained(n: i64) -> i64 {
    let mut current = n;
    let mut steps = 0;
    while let Some(next) = maybe(current).await {
        current = next;
        steps += 1;
    }
    steps
}

#[test]
fn while_let_goes_round_while_it_matches() {
    check::<drained>(
        json!(2),
        json!([["maybe", {"n": 2}], ["maybe", {"n": 1}], ["maybe", {"n": 0}]]),
        End::Output(json!(2)),
    );
}

#[workflow]
async fn with_condition(limit: u32) -> u32 {
    let mut tries = 0;
    while tries < limit && !is_ready(tries).await {
        tries += 1;
    }
    tries
}

#[test]
fn a_condition_may_hold_a_step() {
    check::<with_condition>(
        json!(2),
        json!([["is_ready", {"n": 0}], ["is_ready", {"n": 1}]]),
        End::Output(json!(2)),
    );
    check::<with_condition>(
        json!(9),
        json!([
            ["is_ready", {"n": 0}], ["is_ready", {"n": 1}], ["is_ready", {"n": 2}],
            ["is_ready", {"n": 3}]
        ]),
        End::Output(json!(3)),
    );
}

#[workflow]
async fn pure_sum(order: Order) -> i64 {
    let pieces = order.items.iter().map(|item| item.qty).sum::<u32>();
    double(pieces as i64).await
}

#[test]
fn a_pure_sum_is_no_loop_of_states() {
    check::<pure_sum>(order(5, &physical()), json!([["double", {"n": 4}]]), End::Output(json!(8)));
}

#[workflow]
async fn gathered(n: i64) -> Vec<i64> {
    let mut found = Vec::new();
    for i in 0..n {
        let d = double(i).await;
        found.push(d);
    }
    found
}

#[test]
fn a_list_grows_in_a_loop() {
    check::<gathered>(json!(0), json!([]), End::Output(json!([])));
    check::<gathered>(json!(1), json!([["double", {"n": 0}]]), End::Output(json!([0])));
    check::<gathered>(
        json!(2),
        json!([["double", {"n": 0}], ["double", {"n": 1}]]),
        End::Output(json!([0, 2])),
    );
}
