//! Joins, maps and buffered streams.

use super::*;
use futures::{StreamExt as _, TryStreamExt as _, stream};

#[workflow]
async fn joined(n: i64) -> String {
    let extra = 3;
    let (a, b, c) = join!(
        double(n),
        async {
            let x = add(n, extra).await;
            let y = double(x).await;
            y + extra
        },
        async {
            for _ in 0..2 {
                sleep(Duration::from_secs(1)).await;
            }
            n * 100
        }
    );
    format!("{a} {b} {c}")
}

#[test]
fn join_runs_calls_and_blocks_at_the_same_time() {
    check::<joined>(
        json!(4),
        json!([["double", {"n": 4}], ["add", {"a": 4, "b": 3}], ["double", {"n": 7}]]),
        End::Output(json!("8 17 400")),
    );
}

#[workflow]
async fn tried_together(order: Order, zip: u32) -> Result<String, FlowError> {
    let address = Address { street: "x".to_owned(), zip };
    let (receipt, sent) = try_join!(
        async {
            let receipt = charge(&order).await?;
            Ok::<_, FlowError>(receipt.no)
        },
        async {
            let sent = ship(&address, 1).await?;
            Ok::<_, FlowError>(sent)
        }
    )?;
    Ok(format!("{receipt} {sent}"))
}

#[test]
fn try_join_fails_with_the_first_error() {
    let fine = order(5, &physical());
    let calls = |order: &Value, zip: u32| json!([["charge", {"order": order}], ["ship", {"address": {"street": "x", "zip": zip}, "no": 1}]]);
    check::<tried_together>(
        json!({"order": fine, "zip": 7}),
        calls(&fine, 7),
        End::Output(json!("5 x#1")),
    );
    check::<tried_together>(
        json!({"order": fine, "zip": 0}),
        calls(&fine, 0),
        error("NoZip", json!("NoZip")),
    );
    check::<tried_together>(
        json!({"order": fine, "zip": 1}),
        calls(&fine, 1),
        error("NoVan", json!({"NoVan": "x"})),
    );
}

#[workflow]
async fn joined_results(order: Order, zip: u32) -> String {
    let address = Address { street: "x".to_owned(), zip };
    let (charged, shipped) = join!(charge(&order), ship(&address, 1));
    let paid = match charged {
        Ok(receipt) => receipt.no,
        Err(_) => -1,
    };
    let sent = match shipped {
        Ok(text) => text,
        Err(ShipError::NoZip) => "no zip".to_owned(),
        Err(ShipError::NoVan(street)) => street,
    };
    format!("{paid} {sent}")
}

#[test]
fn join_keeps_every_result() {
    for (total, zip, end) in
        [(5, 7, "5 x#1"), (5000, 7, "-1 x#1"), (5, 0, "5 no zip"), (-1, 1, "-1 x")]
    {
        let order = order(total, &physical());
        check::<joined_results>(
            json!({"order": order, "zip": zip}),
            json!([["charge", {"order": order}], ["ship", {"address": {"street": "x", "zip": zip}, "no": 1}]]),
            End::Output(json!(end)),
        );
    }
}

#[workflow]
async fn mapped(ns: Vec<i64>) -> Vec<i64> {
    join_all(ns.iter().map(|n| double(*n))).await
}

#[test]
fn join_all_is_a_map_of_calls() {
    check::<mapped>(
        json!([3, 1, 2]),
        json!([["double", {"n": 3}], ["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!([6, 2, 4])),
    );
    check::<mapped>(json!([7]), json!([["double", {"n": 7}]]), End::Output(json!([14])));
    check::<mapped>(json!([]), json!([]), End::Output(json!([])));
}

#[workflow]
async fn mapped_blocks(order: Order) -> Vec<String> {
    let factor = order.total;
    join_all(order.items.iter().map(|item| async move {
        let d = double(item.qty as i64).await;
        if d > 4 {
            return "many".to_owned();
        }
        let sum = add(d, factor).await;
        format!("{}{sum}", item.sku)
    }))
    .await
}

#[test]
fn a_map_of_blocks_reads_outward() {
    check::<mapped_blocks>(
        order(5, &physical()),
        json!([["double", {"n": 1}], ["double", {"n": 3}], ["add", {"a": 2, "b": 5}]]),
        End::Output(json!(["a7", "many"])),
    );
}

#[task]
async fn price(item: &Item) -> Result<f64, ChargeError> {
    if item.qty == 0 { Err(ChargeError::GatewayDown) } else { Ok(item.price * f64::from(item.qty)) }
}

#[workflow]
async fn priced(items: Vec<Item>) -> Result<Vec<f64>, FlowError> {
    let prices = try_join_all(items.iter().map(|item| price(item))).await?;
    Ok(prices)
}

#[test]
fn try_join_all_fails_with_the_first_error() {
    let item = |qty: u32| json!({"sku": "s", "qty": qty, "price": 1.5});
    check::<priced>(
        json!([item(1), item(2)]),
        json!([["price", {"item": item(1)}], ["price", {"item": item(2)}]]),
        End::Output(json!([1.5, 3])),
    );
    check::<priced>(
        json!([item(1), item(0)]),
        json!([["price", {"item": item(1)}], ["price", {"item": item(0)}]]),
        error("GatewayDown", json!("GatewayDown")),
    );
}

#[workflow]
async fn buffered(ns: Vec<i64>) -> Vec<i64> {
    stream::iter(ns).map(double).buffered(2).collect().await
}

#[test]
fn a_buffered_stream_is_a_map_with_a_limit() {
    check::<buffered>(
        json!([1, 2, 3]),
        json!([["double", {"n": 1}], ["double", {"n": 2}], ["double", {"n": 3}]]),
        End::Output(json!([2, 4, 6])),
    );
}

#[workflow]
async fn buffered_fallible(items: Vec<Item>) -> Result<Vec<f64>, ChargeError> {
    stream::iter(items)
        .map(|item| async move { price(&item).await })
        .buffered(1)
        .try_collect()
        .await
}

#[test]
fn a_fallible_stream_stops_at_the_first_error() {
    let item = |qty: u32| json!({"sku": "s", "qty": qty, "price": 1.5});
    check::<buffered_fallible>(
        json!([item(2), item(0), item(1)]),
        json!([["price", {"item": item(2)}], ["price", {"item": item(0)}]]),
        error("GatewayDown", json!("GatewayDown")),
    );
}

#[workflow]
async fn nested(rows: Vec<Vec<i64>>) -> i64 {
    let sums = join_all(rows.iter().map(|row| async move {
        let doubled = join_all(row.iter().map(|n| double(*n))).await;
        let (a, b) = join!(add(doubled[0], 1), add(doubled[1], 2));
        a + b
    }))
    .await;
    sums.iter().sum::<i64>()
}

#[test]
fn maps_and_joins_nest() {
    check::<nested>(
        json!([[1, 2], [3, 4]]),
        json!([
            ["double", {"n": 1}], ["double", {"n": 2}], ["double", {"n": 3}], ["double", {"n": 4}],
            ["add", {"a": 2, "b": 1}], ["add", {"a": 4, "b": 2}],
            ["add", {"a": 6, "b": 1}], ["add", {"a": 8, "b": 2}]
        ]),
        End::Output(json!(26)),
    );
}
