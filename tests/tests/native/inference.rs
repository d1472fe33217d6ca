//! Types that only a later segment fixes.

use super::{check, data::*};
use std::collections::BTreeMap;

#[workflow(export = false)]
async fn late(n: i64) -> i64 {
    let mut seen = BTreeMap::new();
    let d = Default::default();
    let parsed = "12".parse().unwrap();
    let mut buf = vec![];
    let a = add(n, d).await;
    seen.insert(a.to_string(), a);
    buf.push(a);
    let b = add(a, parsed).await;
    let small = 7;
    let _p = page(small).await;
    buf.extend(_p);
    seen.values().sum::<i64>() + b + buf.len() as i64 + small as i64
}

#[workflow(export = false)]
async fn from_methods(n: i64) -> i64 {
    let mut q = Vec::new();
    let mut seen = BTreeMap::new();
    q.push(n);
    let mut out = None;
    while let Some(x) = q.pop() {
        if seen.insert(x.to_string(), x).is_some() {
            continue;
        }
        let y = maybe(x).await;
        if let Some(y) = y {
            q.push(y);
            q.push(y / 2);
        }
        if q.len() > 100 {
            break;
        }
        out = Some(x.max(out.unwrap_or(0)));
    }
    let best = if n > 2 { None } else { Some(double(n).await) };
    let t = (0..3).map(|i| i * n).fold(0, |a, b| a + b);
    out.map_or(0, |o| o + 1) + best.unwrap_or_default() + t + seen.len() as i64
}

#[workflow(export = false)]
async fn converted_errors(n: i64) -> Result<i64, FlowError> {
    let a = double(n).await;
    let k: i64 = "7".parse().map_err(|e: std::num::ParseIntError| e.to_string())?;
    let h = {
        let v: Vec<i64> = vec![1, 2];
        v.iter().max().copied().ok_or("empty")?
    };
    let b = double(a + k).await.checked_add(h).ok_or_else(|| "overflow".to_string())?;
    Ok(b)
}

#[test]
fn late_is_the_same_in_the_engine() {
    check(|| late(5));
}

#[test]
fn from_methods_is_the_same_in_the_engine() {
    check(|| from_methods(6));
    check(|| from_methods(1));
}

#[test]
fn converted_errors_is_the_same_in_the_engine() {
    check(|| converted_errors(6));
}
