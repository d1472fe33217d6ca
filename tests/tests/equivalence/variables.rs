//! Parameters, patterns, shadowing, mutation, moves: what a variable is in both forms.

use super::*;

#[workflow]
async fn two_parameters(order: Order, mut n: i64) -> Result<i64, FlowError> {
    let first = charge(&order).await?;
    n += first.no;
    let second = charge(&order).await?;
    Ok(n + second.no)
}

#[test]
fn several_parameters_are_an_object_and_one_may_change() {
    let order = order(5, &physical());
    check::<two_parameters>(
        json!({"order": order, "n": 10}),
        json!([["charge", {"order": order}], ["charge", {"order": order}]]),
        End::Output(json!(20)),
    );
}

#[workflow]
async fn no_parameters() -> i64 {
    double(21).await
}

#[test]
fn a_workflow_without_parameters_ignores_its_input() {
    check::<no_parameters>(
        json!({"any": 1}),
        json!([["double", {"n": 21}]]),
        End::Output(json!(42)),
    );
}

#[workflow]
async fn destructured(order: Order) -> String {
    let (a, text) = pair(order.total).await;
    let Order { id, items, .. } = order;
    let [x, y] = [a, a + 1];
    let d = double(x).await;
    format!("{id}/{text}/{d}/{y}/{}", items.len())
}

#[test]
fn tuples_structs_and_arrays_are_taken_apart() {
    check::<destructured>(
        order(5, &physical()),
        json!([["pair", {"n": 5}], ["double", {"n": 5}]]),
        End::Output(json!("o1/p5/10/6/2")),
    );
}

#[workflow]
async fn shadowed(n: i64) -> i64 {
    let x = double(n).await;
    let x = x + 1;
    let y = 5;
    let z = {
        let y = double(y).await;
        double(y + x).await
    };
    match maybe(z).await {
        Some(y) => double(y).await + x,
        None => y,
    }
}

#[test]
fn a_shadowed_variable_keeps_its_value() {
    // x = 9, y = 10, z = 38; then 74 + 9
    check::<shadowed>(
        json!(4),
        json!([
            ["double", {"n": 4}], ["double", {"n": 5}], ["double", {"n": 19}],
            ["maybe", {"n": 38}], ["double", {"n": 37}]
        ]),
        End::Output(json!(83)),
    );
    // x = -79, y = 10, z = -138; then the outer y
    check::<shadowed>(
        json!(-40),
        json!([
            ["double", {"n": -40}], ["double", {"n": 5}], ["double", {"n": -69}],
            ["maybe", {"n": -138}]
        ]),
        End::Output(json!(5)),
    );
}

#[workflow]
async fn deferred(n: i64) -> String {
    let x;
    let label: String;
    if n > 3 {
        x = double(n).await;
        label = "a".to_owned();
    } else {
        x = n;
        label = deliver("b").await;
    }
    let sum = add(x, 1).await;
    format!("{label}{sum}")
}

#[test]
fn a_variable_may_be_given_its_value_later() {
    check::<deferred>(
        json!(5),
        json!([["double", {"n": 5}], ["add", {"a": 10, "b": 1}]]),
        End::Output(json!("a11")),
    );
    check::<deferred>(
        json!(1),
        json!([["deliver", {"url": "b"}], ["add", {"a": 1, "b": 1}]]),
        End::Output(json!("sent:b2")),
    );
}

#[workflow]
async fn borrowed(order: Order) -> String {
    let name = &order.id;
    let text = order.id.as_str();
    let size = if order.total > 3 { "big" } else { "small" };
    let a = deliver(name).await;
    let b = deliver(text).await;
    let c = deliver(size).await;
    format!("{name} {text} {size} {a} {b} {c}")
}

#[test]
fn a_borrow_lives_across_steps() {
    check::<borrowed>(
        order(5, &physical()),
        json!([["deliver", {"url": "o1"}], ["deliver", {"url": "o1"}], ["deliver", {"url": "big"}]]),
        End::Output(json!("o1 o1 big sent:o1 sent:o1 sent:big")),
    );
}

#[task]
async fn count_items(items: Vec<Item>) -> i64 {
    i64::try_from(items.len()).unwrap()
}

#[workflow]
async fn moved(mut order: Order) -> String {
    order.total += 2;
    let n = count_items(order.items).await;
    order.total += n;
    let doubled = double(order.total).await;
    format!("{}{}{doubled}", order.id, order.total)
}

#[test]
fn a_field_may_be_moved_out_and_its_neighbours_changed() {
    let items = order(5, &physical())["items"].clone();
    check::<moved>(
        order(5, &physical()),
        json!([["count_items", {"items": items}], ["double", {"n": 9}]]),
        End::Output(json!("o1918")),
    );
}

#[workflow]
async fn folded_before_a_move(order: Order) -> i64 {
    let kinds = order.items.len();
    let eaten = count_items(order.items).await;
    add(kinds as i64, eaten).await
}

#[test]
fn what_is_computed_before_a_move_is_not_computed_after_it() {
    let items = order(5, &physical())["items"].clone();
    check::<folded_before_a_move>(
        order(5, &physical()),
        json!([["count_items", {"items": items}], ["add", {"a": 2, "b": 2}]]),
        End::Output(json!(4)),
    );
}

#[workflow]
async fn let_else(order: Order) -> Result<String, FlowError> {
    let Kind::Physical(address) = &order.kind else {
        return Err(FlowError::Bad { why: order.id.clone() });
    };
    let Some(note) = &order.note else {
        let d = double(1).await;
        return Ok(format!("{d}"));
    };
    let sent = ship(address, 1).await?;
    Ok(format!("{sent}{note}"))
}

#[test]
fn let_else_leaves_or_goes_on() {
    check::<let_else>(
        order(5, &physical()),
        json!([["ship", {"address": {"street": "st", "zip": 7}, "no": 1}]]),
        End::Output(json!("st#1n")),
    );
    check::<let_else>(
        order(5, &json!("Unknown")),
        json!([]),
        error("Bad", json!({"Bad": {"why": "o1"}})),
    );
    let mut noteless = order(5, &physical());
    noteless["note"] = Value::Null;
    check::<let_else>(noteless, json!([["double", {"n": 1}]]), End::Output(json!("2")));
}

#[workflow]
async fn built_names(count: i64, sum: i64) -> i64 {
    let states = double(count).await;
    let length = double(sum).await;
    states + length
}

#[test]
fn names_of_the_language_may_be_used_for_variables() {
    check::<built_names>(
        json!({"count": 1, "sum": 2}),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(6)),
    );
}
