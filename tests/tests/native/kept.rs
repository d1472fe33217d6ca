//! What is kept across a step: borrows, parts, moved values.

use super::{check, data::*};

#[workflow(export = false)]
async fn parts(order: Order) -> Result<String, FlowError> {
    let items = order.items;
    let k = order.parcel;
    let n = double(items.len() as i64).await;
    Ok(format!("{}{n}{:?}", order.id, k))
}

#[workflow(export = false)]
async fn borrows(order: Order) -> Result<String, FlowError> {
    let name = &order.id;
    let st = order.id.as_str();
    let status = if order.total > 3 { "big" } else { "small" };
    let d = deliver(name).await;
    let e = deliver(st).await;
    let f = deliver(status).await;
    Ok(format!("{name}{st}{status}{d}{e}{f}"))
}

#[workflow(export = false)]
async fn borrowed_items(order: Order) -> f64 {
    let mut all = 0.0;
    let mut s = String::new();
    for it in &order.items {
        let d = double(it.qty as i64).await;
        all += it.price * d as f64;
    }
    for (i, it) in order.items.iter().enumerate() {
        let d = add(i as i64, 1).await;
        all += it.price * d as f64;
        s.push_str(&it.sku);
    }
    for c in order.id.chars() {
        deliver(&c.to_string()).await;
        s.push(c);
    }
    for w in order.items.windows(2) {
        let d = double(w.len() as i64).await;
        all += w[0].price + d as f64;
    }
    all + s.len() as f64 + 0.5
}

#[workflow(export = false)]
async fn borrowed_payloads(order: Order) -> Result<String, FlowError> {
    let s = match &order.parcel {
        Parcel::Physical(a) if a.zip > 0 => {
            let d = double(a.zip as i64).await;
            format!("{}{d}", a.street)
        }
        Parcel::Digital { url } => {
            sleep(Duration::from_secs(1)).await;
            url.clone()
        }
        _ => "x".into(),
    };
    if let Some(n) = &order.note {
        let d = deliver(n).await;
        return Ok(format!("{n}{d}{s}"));
    }
    if let Some(n) = order.note.as_deref()
        && n.len() > 1
    {
        deliver(n).await;
        return Ok(n.to_string());
    }
    Ok(s)
}

#[workflow(export = false)]
async fn part_of_a_changed_local(order: Order) -> Result<String, FlowError> {
    let mut order = order;
    order.total += 1;
    let items = order.items;
    let n = double(items.len() as i64).await;
    order.total += n;
    Ok(format!("{}{}", order.id, order.total))
}

#[workflow(export = false)]
async fn moved_in_loops(order: Order) -> Result<i64, FlowError> {
    let items = order.items;
    let mut total = 0;
    for it in items {
        let Item { sku, qty, .. } = it;
        let s = deliver(&sku).await;
        let boxed = Box::new(s);
        drop(sku);
        let n = double(qty as i64).await;
        total += n + boxed.len() as i64;
    }
    let mut v = Vec::new();
    loop {
        v.push(total);
        let w = v;
        let n = double(w.len() as i64).await;
        v = w;
        if n > 4 {
            break;
        }
    }
    let x;
    {
        let total = "shadow";
        x = deliver(total).await;
        if x.len() > 3 {
            let total = double(3).await;
            v.push(total);
        }
    }
    v.push(total);
    let c = {
        let t = total;
        move |k: i64| k + t
    };
    v.push(c(1));
    Ok(v.iter().sum::<i64>() + double(1).await)
}

#[workflow(export = false)]
async fn part_of_a_changed_parameter(mut order: Order) -> Result<String, FlowError> {
    order.total += 2;
    let n = count(order.items).await;
    order.total += n;
    let k = order.parcel;
    let m = double(order.total).await;
    let Parcel::Physical(a) = k else { return Ok("none".into()) };
    Ok(format!("{}{}{m}{}", order.id, order.total, a.zip))
}

#[workflow(export = false)]
async fn several_parameters(a: String, b: Option<i64>) -> String {
    let c = &a;
    let v = vec![c.clone(), a.clone()];
    let first = &v[0];
    let joined = v.join("-");
    let d = deliver(first).await;
    format!("{c}{first}{joined}{d}{b:?}")
}

#[workflow(export = false)]
async fn not_a_number(n: i64) -> f64 {
    let x = 0.0 / (n as f64);
    let d = double(n).await;
    x + d as f64
}

#[test]
fn parts_is_the_same_in_the_engine() {
    check(|| parts(order(5, physical(1))));
}

#[test]
fn borrows_is_the_same_in_the_engine() {
    check(|| borrows(sample(5)));
}

#[test]
fn borrowed_items_is_the_same_in_the_engine() {
    check(|| borrowed_items(sample(5)));
}

#[test]
fn borrowed_payloads_is_the_same_in_the_engine() {
    check(|| borrowed_payloads(sample(5)));
}

#[test]
fn part_of_a_changed_local_is_the_same_in_the_engine() {
    check(|| part_of_a_changed_local(sample(5)));
}

#[test]
fn moved_in_loops_is_the_same_in_the_engine() {
    check(|| moved_in_loops(sample(5)));
}

#[test]
fn part_of_a_changed_parameter_is_the_same_in_the_engine() {
    check(|| part_of_a_changed_parameter(sample(5)));
}

#[test]
fn several_parameters_is_the_same_in_the_engine() {
    check(|| several_parameters("q".to_owned(), Some(4)));
    check(|| several_parameters("q".to_owned(), None));
}

#[test]
fn a_number_that_is_none_fails_where_it_is_stored() {
    assert!(super::fails::<not_a_number>(0).starts_with("States.Runtime: "));
}
