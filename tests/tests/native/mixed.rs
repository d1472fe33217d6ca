//! Workflows that mix much: places, moves, closures, patterns, iterators.

use super::{check, data::*};

fn positive(n: i64) -> Option<i64> {
    (n > 0).then_some(n)
}

#[workflow(export = false)]
async fn changed_places(n: i64) -> i64 {
    let mut v = vec![1, 2, 3];
    v.push(double(v.len() as i64).await);
    let k = v.pop().unwrap() + double(v.len() as i64).await;
    v[0] += double(k).await;
    v[{
        let i = 1;
        i
    }] = double(3).await;
    v.iter().sum::<i64>() + v.len() as i64
}

#[workflow(export = false)]
async fn parts_taken(mut order: Order) -> Result<String, FlowError> {
    let r = if order.total > 3 {
        order.total -= 1;
        if order.items.is_empty() {
            return Err(FlowError::Bad("empty".into()));
        }
        order.items.remove(0).sku
    } else {
        String::new()
    };
    let d = deliver(&r).await;
    order.note.take();
    let e = deliver(&d).await;
    Ok(format!("{r}{e}{:?}{}", order.note, order.items.len()))
}

#[workflow(export = false)]
async fn moved_in_a_falling_match(order: Order) -> Result<String, FlowError> {
    let o = order;
    let parts = match o.parcel {
        Parcel::Physical(a) if o.total < 0 => return Err(FlowError::Bad(a.street)),
        Parcel::Physical(a) => a.street,
        other => return Err(FlowError::Bad(format!("{other:?}"))),
    };
    let n = double(o.total).await;
    Ok(format!("{parts}{n}{}{}", o.id, o.items.len()))
}

#[workflow(export = false)]
async fn moved_in_branches(n: i64) -> i64 {
    let mut o = sample(n);
    let s = match maybe(n).await {
        Some(k) if k > 2 => {
            o.total += k;
            let t = o.items;
            t.len() as i64
        }
        Some(_) => {
            o.total *= 3;
            1
        }
        None => return -1,
    };
    let d = double(s).await;
    o.total + d + o.id.len() as i64
}

#[workflow(export = false)]
async fn stepped_iterators(n: i64) -> i64 {
    let mut total = 0;
    let mut last = None;
    for (i, x) in (0..n).rev().enumerate().filter(|(_, x)| x % 2 == 0) {
        if let Some(l) = last
            && l < x
        {
            break;
        }
        last = Some(x);
        total += add(i as i64, x).await;
    }
    total * 10 + last.unwrap_or(-1)
}

#[workflow(export = false)]
async fn assigned_in_branches(n: i64) -> String {
    let x;
    let y: i64;
    if n > 2 {
        x = deliver("p").await;
        y = 1;
    } else if n > 1 {
        x = "q".to_string();
        y = double(n).await;
    } else {
        return "r".into();
    }
    let z = {
        let x = &x;
        let y = y + 1;
        format!("{x}{y}")
    };
    deliver(&z).await;
    format!("{x}{y}{z}")
}

#[workflow(export = false)]
async fn labelled_blocks(n: i64) -> i64 {
    let a = 'o: {
        let b = 'i: {
            if n == 1 {
                break 'o double(n).await;
            }
            if n == 2 {
                break 'i 7;
            }
            double(9).await
        };
        b + 1
    };
    let c = loop {
        let d = double(a).await;
        if d > 3 {
            break d;
        }
    };
    a + c
}

#[workflow(export = false)]
async fn best_of(n: i64) -> Result<i64, FlowError> {
    let xs: Vec<i64> = vec![3, 1, 2];
    let mut best = None;
    for x in &xs {
        match best {
            None => best = Some(*x),
            Some(b) if *x < b => {
                best = Some(double(*x).await);
                continue;
            }
            _ => {}
        }
        let r = charge(&sample(*x)).await?;
        best = best.map(|b| b + r.no as i64);
    }
    let Some(b) = best else { return Ok(0) };
    Ok(b + n)
}

#[workflow(export = false)]
async fn strings(n: i64) -> Vec<String> {
    let names = ["a".to_string(), "b".to_string()];
    let mut out = vec![];
    for name in names.clone() {
        out.push(deliver(&name).await);
    }
    for (i, name) in names.iter().enumerate() {
        out.push(deliver(&format!("{i}{name}")).await);
    }
    for part in "x-y".split('-') {
        out.push(deliver(part).await);
    }
    let first = out[0].as_str();
    let again = deliver(first).await;
    vec![again, first.to_string()]
}

#[workflow(export = false)]
async fn patterns(n: i64) -> i64 {
    let (mut a, b) = pair(n).await;
    let [c, d] = [a, a * 2];
    a += c;
    let Item { qty, ref sku, .. } = sample(n).items[1].clone();
    let l = sku.len() as i64;
    let e = double(a + d + l).await;
    let t @ (x, _) = (e, b.len());
    x + t.1 as i64 + qty as i64
}

#[workflow(export = false)]
async fn handled_errors(n: i64) -> Result<String, FlowError> {
    let r = charge(&sample(n)).await.map_err(|e| FlowError::Bad(format!("{e:?}")))?;
    let s = ship(Address { street: "z".into(), zip: r.no }, r.no)
        .await
        .unwrap_or_else(|e| format!("{e:?}"));
    let o = charge(&sample(-1)).await.ok();
    let b = charge(&sample(-1)).await.is_err_and(|e| matches!(e, ChargeError::Retryable(7)));
    Ok(format!("{s}{o:?}{b}"))
}

#[workflow(export = false)]
async fn loops_in_iterations(n: i64) -> i64 {
    let base = n;
    let xs: Vec<i64> = join_all((0..3).map(|k| async move {
        let mut acc = base;
        for j in 0..k {
            if j == 1 {
                continue;
            }
            acc += double(j + k).await;
        }
        while acc < 5 {
            acc = add(acc, 2).await;
        }
        acc
    }))
    .await;
    let ys = join!(
        async {
            let mut v = xs.clone();
            v.push(double(1).await);
            v
        },
        async { xs.iter().max().copied() },
        double(base)
    );
    ys.0.len() as i64 + ys.1.unwrap_or(0) + ys.2 + xs[2]
}

#[workflow(export = false)]
async fn failing_iteration(n: i64) -> Result<i64, FlowError> {
    let ids = vec![n, 5000, 2];
    let rs = try_join_all(ids.iter().map(|t| async move {
        let o = sample(*t);
        let r = charge(&o).await?;
        Ok::<i64, ChargeError>(r.no as i64)
    }))
    .await;
    match rs {
        Ok(v) => Ok(v.iter().sum()),
        Err(ChargeError::Declined { why }) => Ok(why.len() as i64 * 100),
        Err(other) => return Err(other.into()),
    }
}

#[workflow(export = false)]
async fn option_workflow(s: String, n: Option<i64>) -> Option<String> {
    let k = n?;
    let m = maybe(k).await?;
    let t = s.strip_prefix("a")?;
    let d = deliver(t).await;
    Some(format!("{d}{m}"))
}

#[workflow(export = false)]
async fn items_inside(n: i64) -> i64 {
    const K: i64 = 3;
    fn helper(x: i64) -> i64 {
        x + K
    }
    use std::cmp::max;
    struct P(i64);
    let mut sum = 0;
    let mut i = 0;
    while i < n {
        i += 1;
        let P(q) = P(helper(i));
        if q % 2 == 0 {
            continue;
        }
        sum += max(double(q).await, 7);
    }
    sum
}

#[workflow(export = false)]
async fn matched_tuples(n: i64) -> (i64, Option<String>) {
    let mut log: Option<String> = None;
    let mut k = n;
    loop {
        k -= 1;
        match (k, log.as_deref()) {
            (0, _) => break,
            (_, Some(l)) if l.len() > 8 => {
                let x = deliver(l).await;
                return (k, Some(x));
            }
            (_, None) => log = Some("x".into()),
            (_, Some(l)) => {
                let q = double(k).await;
                let m = format!("{l}{q}");
                log = Some(m);
            }
        }
    }
    (k, log)
}

#[workflow(export = false)]
async fn else_if(n: i64) -> i64 {
    let r = positive(n);
    let v = if let Some(x) = r.filter(|x| *x > 1) {
        x + double(x).await
    } else if let Some(y) = maybe(n).await {
        y
    } else {
        100
    };
    let w = match v {
        0..=3 => v,
        x @ 4..=9 => double(x).await,
        _ => {
            let h = v / 2;
            add(h, v).await
        }
    };
    w
}

#[workflow(export = false)]
async fn mutating_closure(n: i64) -> i64 {
    let mut f = 0;
    let mut more = |k: i64| {
        f += k;
        f
    };
    more(n);
    let g = more(2);
    let h = double(g).await;
    f + h
}

#[test]
fn changed_places_is_the_same_in_the_engine() {
    check(|| changed_places(3));
}

#[test]
fn parts_taken_is_the_same_in_the_engine() {
    check(|| parts_taken(sample(5)));
    check(|| parts_taken(sample(2)));
    check(|| parts_taken(Order { items: Vec::new(), ..sample(5) }));
}

#[test]
fn moved_in_a_falling_match_is_the_same_in_the_engine() {
    check(|| moved_in_a_falling_match(sample(5)));
    check(|| moved_in_a_falling_match(sample(-5)));
}

#[test]
fn moved_in_branches_is_the_same_in_the_engine() {
    check(|| moved_in_branches(9));
    check(|| moved_in_branches(2));
    check(|| moved_in_branches(0));
}

#[test]
fn stepped_iterators_is_the_same_in_the_engine() {
    check(|| stepped_iterators(6));
}

#[test]
fn assigned_in_branches_is_the_same_in_the_engine() {
    check(|| assigned_in_branches(0));
    check(|| assigned_in_branches(2));
    check(|| assigned_in_branches(5));
}

#[test]
fn labelled_blocks_is_the_same_in_the_engine() {
    check(|| labelled_blocks(1));
    check(|| labelled_blocks(2));
    check(|| labelled_blocks(3));
}

#[test]
fn best_of_is_the_same_in_the_engine() {
    check(|| best_of(1));
}

#[test]
fn strings_is_the_same_in_the_engine() {
    check(|| strings(1));
}

#[test]
fn patterns_is_the_same_in_the_engine() {
    check(|| patterns(4));
}

#[test]
fn handled_errors_is_the_same_in_the_engine() {
    check(|| handled_errors(4));
    check(|| handled_errors(0));
    check(|| handled_errors(4000));
}

#[test]
fn loops_in_iterations_is_the_same_in_the_engine() {
    check(|| loops_in_iterations(1));
}

#[test]
fn failing_iteration_is_the_same_in_the_engine() {
    check(|| failing_iteration(1));
}

#[test]
fn option_workflow_is_the_same_in_the_engine() {
    check(|| option_workflow("abc".to_owned(), Some(3)));
    check(|| option_workflow("abc".to_owned(), None));
    check(|| option_workflow("xbc".to_owned(), Some(3)));
}

#[test]
fn items_inside_is_the_same_in_the_engine() {
    check(|| items_inside(5));
}

#[test]
fn matched_tuples_is_the_same_in_the_engine() {
    check(|| matched_tuples(7));
    check(|| matched_tuples(2));
}

#[test]
fn else_if_is_the_same_in_the_engine() {
    check(|| else_if(-1));
    check(|| else_if(1));
    check(|| else_if(2));
    check(|| else_if(7));
}

#[test]
fn mutating_closure_is_the_same_in_the_engine() {
    check(|| mutating_closure(4));
}
