//! Calls of tasks, in every position of an expression.

use super::{branches::shadowed, check, data::*};

const LIMIT: i64 = 100;

fn helper(x: i64) -> i64 {
    x * 2 + LIMIT
}

#[workflow(export = false)]
async fn parameters(order: Order, mut n: i64) -> Result<i64, FlowError> {
    let r = charge(&order).await?;
    n += r.no as i64;
    let r2 = charge(&order).await?;
    Ok(n + r2.no as i64 + order.items.len() as i64)
}

#[workflow(export = false)]
async fn taken_apart(order: Order) -> Result<String, FlowError> {
    let (a, s) = pair(order.total).await;
    let Order { id, items, .. } = order;
    let [x, y] = [a, a + 1];
    let d = double(x).await;
    Ok(format!("{id}/{s}/{d}/{y}/{}", items.len()))
}

#[workflow(export = false)]
async fn chained(n: i64) -> Option<i64> {
    let a = maybe(n).await;
    let b = maybe(a.unwrap_or(3)).await.map(|v| v + 1).filter(|v| *v > 0);
    b
}

#[workflow(export = false)]
async fn without_value() {
    sleep(Duration::from_secs(1)).await;
    double(1).await;
}

#[workflow(export = false)]
async fn nested(order: Order) -> Result<i64, FlowError> {
    let a = parameters(order.clone(), 1).await?;
    let b = if a > 5 && is_ready(a as u32).await { shadowed(a).await } else { 0 };
    let t = add(double(a).await, double(b).await).await;
    Ok(t + helper(LIMIT))
}

#[workflow(export = false)]
async fn everywhere(n: i64) -> Result<i64, FlowError> {
    let a = add(double(n).await + 1, if n > 2 { double(3).await } else { 4 }).await
        + match maybe(n).await {
            Some(x) if x > 2 => x,
            Some(_) => double(1).await,
            None => return Err("none".into()),
        };
    let ok = a > 3 && !is_ready(1).await || is_ready(5).await;
    let t = (double(1).await, [double(2).await, 5]);
    let s = Item { sku: deliver("x").await, qty: 2, price: double(2).await as f64 };
    let v = 'b: {
        if ok {
            break 'b double(50).await;
        }
        7
    };
    let text = deliver(&format!("{a}{}", t.0)).await.to_uppercase();
    Ok(a + t.1[0] + s.price as i64 + v + text.len() as i64)
}

#[workflow(export = false)]
async fn dropped_in_a_closure(n: i64) -> i64 {
    let all: Vec<i64> = (0..n)
        .map(move |k| {
            helper(n);
            let _unread = helper(k);
            k + n
        })
        .collect();
    double(all.len() as i64).await
}

#[workflow(export = false)]
async fn recursive(n: i64) -> i64 {
    if n == 0 {
        return 0;
    }
    let d = double(n).await;
    recursive(n - 1).await + d
}

#[test]
fn parameters_is_the_same_in_the_engine() {
    check(|| parameters(order(5, physical(1)), 10));
    check(|| parameters(order(5000, physical(1)), 10));
}

#[test]
fn taken_apart_is_the_same_in_the_engine() {
    check(|| taken_apart(order(5, physical(1))));
}

#[test]
fn chained_is_the_same_in_the_engine() {
    check(|| chained(5));
}

#[test]
fn without_value_is_the_same_in_the_engine() {
    check(|| without_value());
}

#[test]
fn nested_is_the_same_in_the_engine() {
    check(|| nested(order(5, physical(1))));
}

#[test]
fn everywhere_is_the_same_in_the_engine() {
    check(|| everywhere(6));
    check(|| everywhere(0));
    check(|| everywhere(1));
}

#[test]
fn recursive_is_the_same_in_the_engine() {
    check(|| recursive(4));
}

#[test]
fn dropped_in_a_closure_is_the_same_in_the_engine() {
    check(|| dropped_in_a_closure(3));
}
