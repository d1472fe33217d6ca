//! `while`, `loop`, `for` with steps inside, their labels and values.

use super::{check, data::*};

static RATE: f64 = 1.5;

#[workflow(export = false)]
async fn collecting(n: u32) -> i64 {
    let mut i = 0;
    let mut acc = Vec::new();
    let mut best = None;
    while i < n {
        let p = page(i).await;
        let s: i64 = p.iter().sum();
        acc.push(s);
        if s > 2 {
            best = Some(s);
            sleep(Duration::from_secs(1)).await;
        } else {
            i += 0;
        }
        i += 1;
    }
    acc.iter().sum::<i64>() + best.unwrap_or(0) * 100
}

#[workflow(export = false)]
async fn polling(limit: u32) -> Result<u32, FlowError> {
    let mut tries = 0;
    let got = 'poll: loop {
        tries += 1;
        if tries > limit {
            return Err(FlowError::Bad("too many".to_string()));
        }
        if !is_ready(tries).await {
            sleep(Duration::from_millis(500 * 2u64.pow(tries))).await;
            continue;
        }
        for k in 0..3 {
            if k == 1 {
                break 'poll tries * 10;
            }
        }
        break 0;
    };
    Ok(got + tries)
}

#[workflow(export = false)]
async fn labelled(order: Order) -> Result<f64, FlowError> {
    let mut total = 0.0;
    let mut names = String::new();
    'outer: for Item { sku, qty, price: p } in order.items.clone() {
        if qty == 99 {
            continue;
        }
        names.push_str(&sku);
        for k in 0..2 {
            if sku == "stop" {
                break 'outer;
            }
            if k == 1 {
                continue 'outer;
            }
            let c = price(Item { sku: sku.clone(), qty, price: p }).await?;
            total += c * RATE;
        }
    }
    if names.is_empty() {
        return Err(FlowError::Bad(order.id));
    }
    Ok(total + names.len() as f64)
}

#[workflow(export = false)]
async fn retrying(order: Order) -> Result<String, FlowError> {
    let mut order = order;
    let mut tries = 0;
    let r = loop {
        match charge(&order).await {
            Ok(r) => break r,
            Err(ChargeError::Declined { why }) if tries < 1 => {
                tries += 1;
                let d = deliver(&why).await;
                order.total = 10 + d.len() as i64;
            }
            Err(ChargeError::Retryable(n)) => {
                sleep(Duration::from_secs(n as u64)).await;
                order.total = 1;
            }
            Err(e) => return Err(e.into()),
        }
    };
    Ok(format!("{}:{tries}", r.no))
}

#[workflow(export = false)]
async fn while_let(n: i64) -> i64 {
    let mut cur = n;
    let mut steps = 0;
    while let Some(next) = maybe(cur).await {
        cur = next;
        steps += 1;
    }
    steps
}

#[workflow(export = false)]
async fn continued(n: i64) -> i64 {
    let mut t = 0;
    'a: for i in 0..n {
        let mut j = 0;
        while j < n {
            j += 1;
            if j == 2 {
                continue 'a;
            }
            if i == 3 {
                break 'a;
            }
            t += add(i, j).await;
        }
    }
    t
}

#[workflow(export = false)]
async fn lazy_conditions(mut n: i64) -> i64 {
    while n < 100 && !is_ready(n as u32).await {
        n += 1;
    }
    let a = if n > 2 || is_ready(9).await { n } else { 0 };
    a + loop {
        n += 1;
        if n > 6 {
            break n;
        }
        double(n).await;
    }
}

#[workflow(export = false)]
async fn rarely_stepping(n: i64) -> i64 {
    let mut i = 0;
    let mut sum = 0;
    while i < n {
        i += 1;
        if i % 150 == 0 {
            sum += double(i).await;
        }
    }
    sum
}

#[workflow(export = false)]
async fn endless(n: i64) -> i64 {
    let mut sum = 0;
    for i in std::iter::repeat(n) {
        sum += double(i).await;
        if sum > 100 {
            break;
        }
    }
    sum
}

#[test]
fn collecting_is_the_same_in_the_engine() {
    check(|| collecting(5));
}

#[test]
fn polling_is_the_same_in_the_engine() {
    check(|| polling(5));
    check(|| polling(2));
}

#[test]
fn labelled_is_the_same_in_the_engine() {
    check(|| labelled(order(5, physical(1))));
}

#[test]
fn retrying_is_the_same_in_the_engine() {
    check(|| retrying(order(5, physical(1))));
    check(|| retrying(order(5000, physical(1))));
    check(|| retrying(order(-5, physical(1))));
}

#[test]
fn while_let_is_the_same_in_the_engine() {
    check(|| while_let(6));
}

#[test]
fn continued_is_the_same_in_the_engine() {
    check(|| continued(5));
}

#[test]
fn lazy_conditions_is_the_same_in_the_engine() {
    check(|| lazy_conditions(0));
}

#[test]
fn a_long_way_without_a_step_is_taken_in_turns() {
    check(|| rarely_stepping(400));
}

#[test]
fn an_endless_iterator_fails() {
    assert!(super::fails::<endless>(1).contains("more than 1000000 items"));
}
