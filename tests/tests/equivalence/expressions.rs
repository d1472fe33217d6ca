//! Steps inside expressions, and what pure expressions give.

use super::*;

#[workflow]
async fn in_arguments(n: i64) -> i64 {
    add(double(n).await + 1, if n > 2 { double(3).await } else { 4 }).await + double(n).await
}

#[test]
fn steps_in_arguments_run_in_order() {
    check::<in_arguments>(
        json!(3),
        json!([
            ["double", {"n": 3}], ["double", {"n": 3}], ["add", {"a": 7, "b": 6}],
            ["double", {"n": 3}]
        ]),
        End::Output(json!(19)),
    );
    check::<in_arguments>(
        json!(2),
        json!([["double", {"n": 2}], ["add", {"a": 5, "b": 4}], ["double", {"n": 2}]]),
        End::Output(json!(13)),
    );
}

#[workflow]
async fn short_circuit(n: u32) -> bool {
    n > 3 && !is_ready(1).await || is_ready(n).await
}

#[test]
fn and_and_or_skip_steps_that_do_not_matter() {
    check::<short_circuit>(json!(4), json!([["is_ready", {"n": 1}]]), End::Output(json!(true)));
    check::<short_circuit>(json!(3), json!([["is_ready", {"n": 3}]]), End::Output(json!(true)));
    check::<short_circuit>(json!(2), json!([["is_ready", {"n": 2}]]), End::Output(json!(false)));
}

#[workflow]
async fn in_literals(n: i64) -> Item {
    let t = (double(n).await, [double(n + 1).await, 5]);
    Item { sku: deliver("x").await, qty: 2, price: (t.0 + t.1[0] + t.1[1]) as f64 }
}

#[test]
fn steps_in_literals_run_in_order() {
    check::<in_literals>(
        json!(1),
        json!([["double", {"n": 1}], ["double", {"n": 2}], ["deliver", {"url": "x"}]]),
        End::Output(json!({"sku": "sent:x", "qty": 2, "price": 11})),
    );
}

#[workflow]
async fn as_receiver(n: i64) -> i64 {
    if maybe(n).await.is_some() {
        maybe(n + 1).await.unwrap_or(0) + page(n).await.len() as i64
    } else {
        -1
    }
}

#[test]
fn a_method_may_be_called_on_a_result() {
    check::<as_receiver>(
        json!(2),
        json!([["maybe", {"n": 2}], ["maybe", {"n": 3}], ["page", {"n": 2}]]),
        End::Output(json!(4)),
    );
    check::<as_receiver>(json!(0), json!([["maybe", {"n": 0}]]), End::Output(json!(-1)));
}

#[workflow]
async fn block_value(n: i64) -> i64 {
    let v = 'found: {
        if n > 5 {
            break 'found double(n).await;
        }
        let m = double(1).await;
        m + 5
    };
    v + 1
}

#[test]
fn a_labelled_block_is_a_value() {
    check::<block_value>(json!(6), json!([["double", {"n": 6}]]), End::Output(json!(13)));
    check::<block_value>(json!(5), json!([["double", {"n": 1}]]), End::Output(json!(8)));
}

#[data]
struct Facts {
    sum: i64,
    quotient: i64,
    remainder: i64,
    ratio: f64,
    both: bool,
    either: bool,
    not: bool,
    equal: bool,
    text: String,
    count: usize,
    letters: usize,
    first: i64,
    absent: Option<i64>,
    present: Option<i64>,
    unit: (),
    pair: (i64, String),
    list: Vec<i64>,
    lists: Vec<Vec<i64>>,
}

#[workflow]
async fn facts(a: i64, b: i64, word: String, xs: Vec<i64>) -> Facts {
    let absent: Option<i64> = None;
    let greater = a > b;
    Facts {
        sum: a + b * 2 - 1,
        quotient: a / b,
        remainder: a % b,
        ratio: a as f64 / b as f64,
        both: a > 0 && b > 0,
        either: a > 0 || b > 0,
        not: !greater,
        equal: a == b,
        text: format!("{word}-{a}-{}", xs.len()),
        count: xs.len(),
        letters: word.len(),
        first: xs[0],
        absent,
        present: Some(b),
        unit: (),
        pair: (a, word),
        list: vec![a, b],
        lists: vec![xs.clone(), vec![], vec![a]],
    }
}

#[test]
fn pure_expressions_give_what_rust_gives() {
    check::<facts>(
        json!({"a": -7, "b": 2, "word": "né", "xs": [4]}),
        json!([]),
        End::Output(json!({
            "sum": -4,
            "quotient": -3,
            "remainder": -1,
            "ratio": -3.5,
            "both": false,
            "either": true,
            "not": true,
            "equal": false,
            "text": "né--7-1",
            "count": 1,
            "letters": 3,
            "first": 4,
            "absent": null,
            "present": 2,
            "unit": null,
            "pair": [-7, "né"],
            "list": [-7, 2],
            "lists": [[4], [], [-7]]
        })),
    );
}

#[workflow]
async fn large_numbers(n: i64) -> String {
    let d = double(n).await;
    format!("{d}")
}

#[test]
fn large_integers_are_printed_in_full() {
    check::<large_numbers>(
        json!(1_732_255_000_123_456_i64),
        json!([["double", {"n": 1_732_255_000_123_456_i64}]]),
        End::Output(json!("3464510000246912")),
    );
}

const LIMIT: i64 = 100;

#[workflow]
async fn constants(n: i64) -> i64 {
    let near = n + LIMIT;
    double(near).await + i64::from(u8::MAX)
}

#[test]
fn constants_are_values() {
    check::<constants>(json!(1), json!([["double", {"n": 101}]]), End::Output(json!(457)));
}

#[workflow]
async fn iterators(xs: Vec<i64>) -> i64 {
    let sum = xs.iter().sum::<i64>();
    let big = xs.iter().filter(|x| **x > 2).map(|x| x * 10).collect::<Vec<i64>>();
    let d = add(sum, big.len() as i64).await;
    if xs.contains(&d) { d } else { big.len() as i64 }
}

#[test]
fn lists_are_summed_filtered_and_mapped() {
    check::<iterators>(
        json!([1, 2, 3, 4]),
        json!([["add", {"a": 10, "b": 2}]]),
        End::Output(json!(2)),
    );
    check::<iterators>(json!([]), json!([["add", {"a": 0, "b": 0}]]), End::Output(json!(0)));
    check::<iterators>(json!([2]), json!([["add", {"a": 2, "b": 0}]]), End::Output(json!(2)));
}

#[workflow]
async fn named_by_the_let(xs: Vec<i64>) -> Vec<i64> {
    let tens: Vec<_> = xs.iter().map(|x| x * 10).collect();
    let all: i64 = xs.iter().sum();
    let n = double(all).await;
    let mut more: Vec<i64> = tens.iter().filter(|x| **x > n).copied().collect();
    more.push(n);
    more
}

#[test]
fn the_type_of_a_let_names_what_an_iterator_ends_in() {
    check::<named_by_the_let>(
        json!([1, 2]),
        json!([["double", {"n": 3}]]),
        End::Output(json!([10, 20, 6])),
    );
    check::<named_by_the_let>(json!([]), json!([["double", {"n": 0}]]), End::Output(json!([0])));
    check::<named_by_the_let>(
        json!([-1]),
        json!([["double", {"n": -1}]]),
        End::Output(json!([-2])),
    );
}
