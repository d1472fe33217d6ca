//! Corners where two constructs meet.

use super::*;

#[workflow]
async fn ok_or_leave(order: Order) -> Result<i64, FlowError> {
    let Ok(receipt) = charge(&order).await else {
        deliver("failed").await;
        return Err(FlowError::Empty);
    };
    if let Ok(text) = ship(&Address { street: "s".to_owned(), zip: 0 }, receipt.no).await {
        deliver(&text).await;
    }
    Ok(receipt.no)
}

#[test]
fn let_else_and_if_let_take_the_ok_of_a_task() {
    let fine = order(5, &physical());
    check::<ok_or_leave>(
        fine.clone(),
        json!([["charge", {"order": fine}], ["ship", {"address": {"street": "s", "zip": 0}, "no": 5}]]),
        End::Output(json!(5)),
    );
    let down = order(-1, &physical());
    check::<ok_or_leave>(
        down.clone(),
        json!([["charge", {"order": down}], ["deliver", {"url": "failed"}]]),
        error("Empty", json!("Empty")),
    );
}

#[workflow]
async fn swapped(a: i64, b: i64) -> (i64, i64) {
    let (mut x, mut y) = (a, b);
    for _ in 0..3 {
        let z = x;
        x = y;
        y = z;
        y = add(y, 1).await;
    }
    (x, y)
}

#[test]
fn variables_swap_in_a_loop() {
    // (1,2) -> (2,1+1) -> (2,2+1) -> (3,2+1)
    check::<swapped>(
        json!({"a": 1, "b": 2}),
        json!([["add", {"a": 1, "b": 1}], ["add", {"a": 2, "b": 1}], ["add", {"a": 2, "b": 1}]]),
        End::Output(json!([3, 3])),
    );
}

#[workflow]
async fn pairs(n: i64, flag: bool) -> String {
    let m = maybe(n).await;
    let text = match (m, flag) {
        (Some(0), true) => "zero and true",
        (Some(x), _) if x > 5 => "large",
        (Some(_), false) => "some and false",
        (None, true) | (Some(_), true) => "true",
        (None, false) => "nothing",
    };
    text.to_owned()
}

#[test]
fn a_match_on_a_tuple_looks_at_both() {
    for (n, flag, end) in [
        (1, true, "zero and true"),
        (9, true, "large"),
        (3, false, "some and false"),
        (3, true, "true"),
        (0, true, "true"),
        (0, false, "nothing"),
    ] {
        check::<pairs>(
            json!({"n": n, "flag": flag}),
            json!([["maybe", {"n": n}]]),
            End::Output(json!(end)),
        );
    }
}

#[workflow]
async fn nested_options(order: Order) -> String {
    let note = order.note.clone().unwrap_or_default();
    let street = match &order.kind {
        Kind::Physical(Address { street, zip: 1..=9 }) => street.as_str(),
        Kind::Physical(Address { street: _, zip }) if *zip > 100 => "far",
        Kind::Digital { .. } => "digital",
        _ => "other",
    };
    deliver(street).await;
    format!("{note}/{street}")
}

#[test]
fn patterns_nest() {
    for (kind, street) in [
        (json!({"Physical": {"street": "st", "zip": 7}}), "st"),
        (json!({"Physical": {"street": "st", "zip": 10}}), "other"),
        (json!({"Physical": {"street": "st", "zip": 101}}), "far"),
        (json!({"Digital": {"url": "u"}}), "digital"),
        (json!("Unknown"), "other"),
    ] {
        check::<nested_options>(
            order(1, &kind),
            json!([["deliver", {"url": street}]]),
            End::Output(json!(format!("n/{street}"))),
        );
    }
}

#[workflow]
async fn changed_in_place(mut order: Order) -> Order {
    order.items.push(Item { sku: "new".to_owned(), qty: 1, price: 0.5 });
    order.total += double(order.items.len() as i64).await;
    order.note = None;
    order
}

#[test]
fn fields_and_lists_change_in_place() {
    let mut changed = order(11, &physical());
    changed["note"] = Value::Null;
    changed["items"] = json!([
        {"sku": "a", "qty": 1, "price": 2.5},
        {"sku": "c", "qty": 3, "price": 1},
        {"sku": "new", "qty": 1, "price": 0.5}
    ]);
    check::<changed_in_place>(
        order(5, &physical()),
        json!([["double", {"n": 3}]]),
        End::Output(changed),
    );
}

#[workflow]
async fn early_from_a_map(ns: Vec<i64>) -> Result<Vec<i64>, FlowError> {
    let found = try_join_all(ns.iter().map(|n| async move {
        if *n < 0 {
            return Err(FlowError::Bad { why: "negative".to_owned() });
        }
        let d = double(*n).await;
        Ok::<_, FlowError>(d)
    }))
    .await?;
    Ok(found)
}

#[test]
fn a_map_of_blocks_may_fail_early() {
    check::<early_from_a_map>(
        json!([1, 2]),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!([2, 4])),
    );
    check::<early_from_a_map>(
        json!([-1]),
        json!([]),
        error("Bad", json!({"Bad": {"why": "negative"}})),
    );
}

#[workflow]
async fn caught_from_a_join(order: Order) -> i64 {
    let joined = try_join!(async { Ok::<_, FlowError>(charge(&order).await?.no) }, async {
        Ok::<_, FlowError>(double(1).await)
    });
    match joined {
        Ok((a, b)) => a + b,
        Err(FlowError::Charge(ChargeError::Declined { code })) => i64::from(code),
        Err(_) => -1,
    }
}

#[test]
fn the_error_of_a_join_may_be_caught() {
    for (total, end) in [(5, 7), (5000, 51), (-1, -1)] {
        let order = order(total, &physical());
        check::<caught_from_a_join>(
            order.clone(),
            json!([["charge", {"order": order}], ["double", {"n": 1}]]),
            End::Output(json!(end)),
        );
    }
}

#[workflow]
async fn join_in_a_loop(n: i64) -> i64 {
    let mut sum = 0;
    for i in 0..n {
        let (a, b) = join!(double(i), add(i, sum));
        if a > 100 {
            break;
        }
        sum = a + b;
    }
    sum
}

#[test]
fn a_join_in_a_loop_reads_what_changes() {
    check::<join_in_a_loop>(
        json!(2),
        json!([
            ["double", {"n": 0}], ["add", {"a": 0, "b": 0}],
            ["double", {"n": 1}], ["add", {"a": 1, "b": 0}]
        ]),
        End::Output(json!(3)),
    );
}

#[workflow]
async fn a_loop_in_a_join(n: i64) -> (i64, i64) {
    let sums = join!(
        async {
            let mut sum = 0;
            for i in 0..n {
                sum += double(i).await;
            }
            sum
        },
        async {
            let mut left = n;
            while let Some(next) = maybe(left).await {
                left = next;
            }
            left
        }
    );
    sums
}

#[test]
fn loops_run_at_the_same_time() {
    check::<a_loop_in_a_join>(
        json!(2),
        json!([
            ["double", {"n": 0}], ["maybe", {"n": 2}], ["double", {"n": 1}], ["maybe", {"n": 1}],
            ["maybe", {"n": 0}]
        ]),
        End::Output(json!([2, 0])),
    );
}

#[workflow]
async fn empties(xs: Vec<i64>, text: String) -> Vec<bool> {
    let d = double(0).await;
    let any = xs.iter().any(|x| *x > 1);
    let all = xs.iter().all(|x| *x > 1);
    vec![xs.is_empty(), text.is_empty(), xs.first().is_none(), xs.contains(&d), any, all]
}

#[test]
fn empty_lists_and_texts_are_no_exceptions() {
    check::<empties>(
        json!({"xs": [], "text": ""}),
        json!([["double", {"n": 0}]]),
        End::Output(json!([true, true, true, false, false, true])),
    );
    check::<empties>(
        json!({"xs": [0], "text": "0"}),
        json!([["double", {"n": 0}]]),
        End::Output(json!([false, false, false, true, false, false])),
    );
    check::<empties>(
        json!({"xs": [2, 3], "text": "x"}),
        json!([["double", {"n": 0}]]),
        End::Output(json!([false, false, false, false, true, true])),
    );
}

#[workflow]
async fn one_item(xs: Vec<Vec<i64>>) -> Vec<i64> {
    let lengths = xs.iter().map(|x| x.len() as i64).collect::<Vec<_>>();
    let firsts = xs.iter().filter(|x| !x.is_empty()).map(|x| x[0]).collect::<Vec<i64>>();
    double(firsts.len() as i64).await;
    if lengths == firsts { firsts } else { lengths }
}

#[test]
fn lists_of_one_item_stay_lists() {
    check::<one_item>(json!([[1]]), json!([["double", {"n": 1}]]), End::Output(json!([1])));
    check::<one_item>(json!([[]]), json!([["double", {"n": 0}]]), End::Output(json!([0])));
    check::<one_item>(json!([]), json!([["double", {"n": 0}]]), End::Output(json!([])));
    check::<one_item>(
        json!([[5, 6], []]),
        json!([["double", {"n": 1}]]),
        End::Output(json!([2, 0])),
    );
}

#[workflow]
async fn lists_of_lists(n: i64) -> Vec<Vec<i64>> {
    let mut rows = Vec::new();
    for i in 0..n {
        let row = page(i).await;
        rows.push(row);
    }
    rows
}

#[test]
fn a_list_of_lists_is_not_flattened() {
    check::<lists_of_lists>(json!(1), json!([["page", {"n": 0}]]), End::Output(json!([[]])));
    check::<lists_of_lists>(
        json!(3),
        json!([["page", {"n": 0}], ["page", {"n": 1}], ["page", {"n": 2}]]),
        End::Output(json!([[], [0], [0, 1]])),
    );
}

#[workflow]
async fn mapped_lists(ns: Vec<i64>) -> Vec<Vec<i64>> {
    join_all(ns.iter().map(|n| page(*n))).await
}

#[test]
fn a_map_whose_results_are_lists_is_not_flattened() {
    check::<mapped_lists>(json!([1]), json!([["page", {"n": 1}]]), End::Output(json!([[0]])));
    check::<mapped_lists>(
        json!([0, 2]),
        json!([["page", {"n": 0}], ["page", {"n": 2}]]),
        End::Output(json!([[], [0, 1]])),
    );
}

#[data]
struct Unit;

#[data]
struct Wrapped(i64);

#[data]
struct Two(i64, String);

#[data]
#[serde(rename_all = "camelCase")]
struct Renamed {
    first_name: String,
    #[serde(rename = "N")]
    number: Wrapped,
    two: Two,
    unit: Unit,
}

#[workflow]
async fn renamed(value: Renamed) -> Renamed {
    let Renamed { first_name, number: Wrapped(n), two, unit } = value;
    let d = double(n).await;
    Renamed {
        first_name: format!("{first_name}{}", two.1),
        number: Wrapped(d),
        two: Two(two.0 + 1, first_name),
        unit,
    }
}

#[test]
fn serde_names_are_kept() {
    check::<renamed>(
        json!({"firstName": "a", "N": 4, "two": [1, "b"], "unit": null}),
        json!([["double", {"n": 4}]]),
        End::Output(json!({"firstName": "ab", "N": 8, "two": [2, "a"], "unit": null})),
    );
}

#[workflow]
async fn labelled_steps(n: i64) -> i64 {
    let mut total = 0;
    'outer: loop {
        let mut i = 0;
        loop {
            i += 1;
            let d = double(i).await;
            if d > n {
                break 'outer;
            }
            if i == 2 {
                total += d;
                continue 'outer;
            }
            if total > 3 {
                break;
            }
        }
        total += 100;
        if total > 104 {
            return total;
        }
    }
    -total
}

#[test]
fn loops_in_loops_leave_where_the_label_says() {
    // 1: d=2, total 0; 2: d=4, total 4, outer; 1: d=2, total>3 breaks, 104; 1: breaks, 204
    check::<labelled_steps>(
        json!(5),
        json!([["double", {"n": 1}], ["double", {"n": 2}], ["double", {"n": 1}], ["double", {"n": 1}]]),
        End::Output(json!(204)),
    );
    check::<labelled_steps>(
        json!(3),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(0)),
    );
}
