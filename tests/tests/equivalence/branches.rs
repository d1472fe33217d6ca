//! if, match, let chains, early returns.

use super::*;

#[workflow]
async fn both_arms(n: i64) -> i64 {
    let x = if n > 10 { double(n).await } else { add(n, 100).await };
    x + 1
}

#[test]
fn an_if_is_a_value_whose_arms_are_steps() {
    check::<both_arms>(json!(11), json!([["double", {"n": 11}]]), End::Output(json!(23)));
    check::<both_arms>(json!(10), json!([["add", {"a": 10, "b": 100}]]), End::Output(json!(111)));
}

#[workflow]
async fn consecutive(n: i64) -> i64 {
    let mut x = n;
    if n > 1 {
        x = double(x).await;
    }
    if n > 2 {
        x += 1000;
    }
    if x % 2 == 0 {
        x = add(x, 7).await;
    }
    x
}

#[test]
fn consecutive_ifs_are_taken_one_after_another() {
    check::<consecutive>(json!(1), json!([]), End::Output(json!(1)));
    check::<consecutive>(
        json!(2),
        json!([["double", {"n": 2}], ["add", {"a": 4, "b": 7}]]),
        End::Output(json!(11)),
    );
    check::<consecutive>(
        json!(3),
        json!([["double", {"n": 3}], ["add", {"a": 1006, "b": 7}]]),
        End::Output(json!(1013)),
    );
}

#[workflow]
async fn chained(n: i64) -> String {
    if n < 0 {
        deliver("negative").await
    } else if n == 0 {
        "zero".to_owned()
    } else if n < 10 {
        deliver("small").await
    } else {
        "large".to_owned()
    }
}

#[test]
fn else_if_takes_the_first_that_holds() {
    check::<chained>(
        json!(-1),
        json!([["deliver", {"url": "negative"}]]),
        End::Output(json!("sent:negative")),
    );
    check::<chained>(json!(0), json!([]), End::Output(json!("zero")));
    check::<chained>(
        json!(9),
        json!([["deliver", {"url": "small"}]]),
        End::Output(json!("sent:small")),
    );
    check::<chained>(json!(10), json!([]), End::Output(json!("large")));
}

#[workflow]
async fn by_kind(order: Order) -> Result<String, FlowError> {
    let out = match &order.kind {
        Kind::Digital { url } => deliver(url).await,
        Kind::Physical(address) if address.zip == 9 => "nine".to_owned(),
        Kind::Physical(address) => {
            let receipt = charge(&order).await?;
            ship(address, receipt.no).await?
        }
        Kind::Unknown => return Err(FlowError::Empty),
    };
    Ok(format!("{out} {}", order.id))
}

#[test]
fn match_takes_enums_apart_with_guards() {
    check::<by_kind>(
        order(5, &json!({"Digital": {"url": "u"}})),
        json!([["deliver", {"url": "u"}]]),
        End::Output(json!("sent:u o1")),
    );
    check::<by_kind>(
        order(5, &json!({"Physical": {"street": "st", "zip": 9}})),
        json!([]),
        End::Output(json!("nine o1")),
    );
    let shipped = order(5, &physical());
    check::<by_kind>(
        shipped.clone(),
        json!([["charge", {"order": shipped}], ["ship", {"address": {"street": "st", "zip": 7}, "no": 5}]]),
        End::Output(json!("st#5 o1")),
    );
    check::<by_kind>(order(5, &json!("Unknown")), json!([]), error("Empty", json!("Empty")));
}

#[workflow]
async fn by_literal(n: i64, word: String) -> i64 {
    let base = match n {
        0 => 1,
        1 | 2 => double(n).await,
        3..=9 => 30,
        _ => add(n, n).await,
    };
    match word.as_str() {
        "up" => base + 1,
        "down" => base - 1,
        _ => base,
    }
}

#[test]
fn match_compares_literals_ranges_and_text() {
    check::<by_literal>(json!({"n": 0, "word": "up"}), json!([]), End::Output(json!(2)));
    check::<by_literal>(
        json!({"n": 2, "word": "down"}),
        json!([["double", {"n": 2}]]),
        End::Output(json!(3)),
    );
    check::<by_literal>(json!({"n": 9, "word": ""}), json!([]), End::Output(json!(30)));
    check::<by_literal>(
        json!({"n": 10, "word": "x"}),
        json!([["add", {"a": 10, "b": 10}]]),
        End::Output(json!(20)),
    );
}

#[workflow]
async fn optional(n: i64) -> i64 {
    if let Some(x) = maybe(n).await { double(x).await } else { -1 }
}

#[test]
fn if_let_tells_some_from_none() {
    check::<optional>(
        json!(4),
        json!([["maybe", {"n": 4}], ["double", {"n": 3}]]),
        End::Output(json!(6)),
    );
    check::<optional>(
        json!(1),
        json!([["maybe", {"n": 1}], ["double", {"n": 0}]]),
        End::Output(json!(0)),
    );
    check::<optional>(json!(0), json!([["maybe", {"n": 0}]]), End::Output(json!(-1)));
}

#[workflow]
async fn chain_of_lets(order: Order) -> String {
    if let Some(note) = &order.note
        && order.total > 3
        && let Kind::Digital { url } = &order.kind
    {
        deliver(url).await;
        return note.clone();
    }
    deliver("nothing").await
}

#[test]
fn a_chain_of_lets_holds_as_a_whole() {
    let digital = json!({"Digital": {"url": "u"}});
    check::<chain_of_lets>(
        order(5, &digital),
        json!([["deliver", {"url": "u"}]]),
        End::Output(json!("n")),
    );
    check::<chain_of_lets>(
        order(3, &digital),
        json!([["deliver", {"url": "nothing"}]]),
        End::Output(json!("sent:nothing")),
    );
    check::<chain_of_lets>(
        order(5, &physical()),
        json!([["deliver", {"url": "nothing"}]]),
        End::Output(json!("sent:nothing")),
    );
}

#[workflow]
async fn early(n: i64) -> i64 {
    let x = double(n).await;
    if x > 10 {
        return x;
    }
    let y = double(x).await;
    if y > 10 {
        return y + 1;
    }
    y + x
}

#[test]
fn a_return_leaves_from_anywhere() {
    check::<early>(json!(6), json!([["double", {"n": 6}]]), End::Output(json!(12)));
    check::<early>(
        json!(3),
        json!([["double", {"n": 3}], ["double", {"n": 6}]]),
        End::Output(json!(13)),
    );
    check::<early>(
        json!(1),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(6)),
    );
}

#[workflow]
async fn pure(n: i64) -> i64 {
    if n > 3 { n + 1 } else { n - 1 }
}

#[test]
fn a_workflow_may_have_no_step() {
    check::<pure>(json!(4), json!([]), End::Output(json!(5)));
    check::<pure>(json!(3), json!([]), End::Output(json!(2)));
}
