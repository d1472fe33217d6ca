//! `if`, `match`, `let else` with steps and exits inside.

use super::{check, data::*};

#[workflow(export = false)]
async fn matched_by_reference(order: Order) -> Result<String, FlowError> {
    let out = match &order.parcel {
        Parcel::Digital { url } => deliver(url).await,
        Parcel::Physical(addr) if addr.zip == 7 => "seven".to_string(),
        Parcel::Physical(_) => {
            let r = charge(&order).await?;
            let Parcel::Physical(a) = order.parcel.clone() else { unreachable!() };
            ship(a, r.no).await?
        }
        Parcel::Nothing => return Err(FlowError::Bad("none".into())),
    };
    Ok(out + &order.id)
}

#[workflow(export = false)]
async fn let_else(order: Order) -> Result<String, FlowError> {
    let Parcel::Physical(addr) = order.parcel else { return Err(FlowError::Bad(order.id)) };
    let Some(note) = order.note else {
        let s = double(1).await;
        return Ok(s.to_string());
    };
    let s = ship(addr, 1).await?;
    Ok(s + &note)
}

#[workflow(export = false)]
pub(super) async fn shadowed(n: i64) -> i64 {
    let x = double(n).await;
    let x = x + 1;
    let x = double(x).await.to_string();
    let y = 5;
    let z = {
        let y = double(y).await;
        let x = "inner";
        double(y + x.len() as i64).await
    };
    match maybe(z).await {
        Some(y) => {
            let q = double(y).await;
            return q + z + x.len() as i64;
        }
        None => {}
    }
    y
}

#[workflow(export = false)]
async fn deferred(n: i64) -> i64 {
    let x;
    let label: String;
    if n > 3 {
        x = double(n).await;
        label = "a".into();
    } else {
        x = n;
        label = deliver("b").await;
    }
    let f = |k: i64| k + x;
    let v: Vec<i64> = (0..3).map(|i| f(i)).collect();
    double(v.iter().sum()).await + label.len() as i64
}

#[workflow(export = false)]
async fn exits_without_steps(n: i64) -> i64 {
    let f = |x: i64| x + 1;
    if n < 0 {
        return f(0);
    }
    let Some(k) = Some(n).filter(|v| *v != 3) else { return f(1) };
    let y = match k {
        1 => return f(2),
        2 => 5,
        z => f(z),
    };
    double(y).await
}

#[workflow(export = false)]
async fn matched_results(n: i64) -> Result<String, FlowError> {
    let x = charge(&sample(n)).await.map(|r| r.no).unwrap_or(77);
    if let Err(ChargeError::Retryable(k)) = charge(&sample(-n)).await {
        return Ok(format!("{x}-{k}"));
    }
    let Ok(r) = charge(&sample(n)).await else { return Ok("else".into()) };
    Ok(format!("{x}/{}", r.no))
}

#[workflow(export = false)]
async fn results_as_data(n: i64) -> Result<i64, FlowError> {
    let r = charge(&sample(n)).await;
    let again = double(1).await;
    match r {
        Ok(r) => Ok(r.no as i64 + again),
        Err(ChargeError::Declined { why }) => Ok(why.len() as i64),
        Err(e) => Err(e)?,
    }
}

#[workflow(export = false)]
async fn chains(n: i64) -> i64 {
    if let Some(a) = maybe(n).await
        && a > 1
        && let Some(b) = maybe(a).await
        && is_ready(b as u32).await
    {
        a + b
    } else {
        -1
    }
}

#[workflow(export = false)]
async fn shadowed_blocks(n: i64) -> String {
    let mut s = String::new();
    let x = n;
    {
        let x = double(x).await;
        s.push_str(&format!("{x}"));
        {
            let x = deliver("a").await;
            s += &x;
        }
        s.push_str(&x.to_string());
    }
    s.push_str(&x.to_string());
    let width = 5;
    let t = deliver(&s).await;
    format!("{t:>width$}|{x:?}|{{n}}")
}

#[test]
fn matched_by_reference_is_the_same_in_the_engine() {
    check(|| matched_by_reference(order(5, physical(1))));
    check(|| matched_by_reference(order(5, physical(7))));
    check(|| matched_by_reference(order(5, physical(0))));
    check(|| matched_by_reference(order(5, Parcel::Digital { url: "u".to_owned() })));
    check(|| matched_by_reference(order(5, Parcel::Nothing)));
    check(|| matched_by_reference(order(5000, physical(1))));
}

#[test]
fn let_else_is_the_same_in_the_engine() {
    check(|| let_else(order(5, physical(1))));
    check(|| let_else(order(5, Parcel::Nothing)));
    check(|| let_else(Order { note: None, ..sample(5) }));
}

#[test]
fn shadowed_is_the_same_in_the_engine() {
    check(|| shadowed(4));
    check(|| shadowed(-40));
}

#[test]
fn deferred_is_the_same_in_the_engine() {
    check(|| deferred(5));
    check(|| deferred(1));
}

#[test]
fn exits_without_steps_is_the_same_in_the_engine() {
    check(|| exits_without_steps(-1));
    check(|| exits_without_steps(1));
    check(|| exits_without_steps(2));
    check(|| exits_without_steps(3));
    check(|| exits_without_steps(9));
}

#[test]
fn matched_results_is_the_same_in_the_engine() {
    check(|| matched_results(5));
    check(|| matched_results(-5));
    check(|| matched_results(5000));
}

#[test]
fn results_as_data_is_the_same_in_the_engine() {
    check(|| results_as_data(5));
    check(|| results_as_data(5000));
    check(|| results_as_data(-5));
}

#[test]
fn chains_is_the_same_in_the_engine() {
    check(|| chains(9));
    check(|| chains(2));
    check(|| chains(1));
}

#[test]
fn shadowed_blocks_is_the_same_in_the_engine() {
    check(|| shadowed_blocks(1));
}
