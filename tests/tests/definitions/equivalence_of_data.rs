//! Data, arithmetic, text and lists in both forms; expectations by hand.

#![expect(
    clippy::cloned_instead_of_copied,
    clippy::indexing_slicing,
    clippy::map_clone,
    clippy::needless_collect,
    clippy::redundant_closure_for_method_calls,
    clippy::single_char_add_str,
    clippy::single_char_pattern,
    clippy::str_to_string,
    reason = "the programs use many forms on purpose"
)]

use super::*;
use serde_json::json;
use std::time::Duration;

#[workflow]
async fn thing_form(t: Thing) -> Result<String, Outer> {
    let mut t = thing(t).await;
    if t.is_gift && t.level == Level::Mid {
        t.tags.push("gift".into());
        t.best_of = Some(t.pair.0 + 1);
    }
    let s = match &t.level {
        Level::Low => "low".to_string(),
        Level::Mid => format!("mid{}", t.tags.len()),
        Level::High { by } => format!("high{by}"),
    };
    let t2 = thing(Thing { own_id: s.clone(), level: Level::High { by: 3 }, ..t.clone() }).await;
    Ok(t2.own_id + &t.pair.1 + if t2.best_of.is_some() { "!" } else { "?" })
}
#[workflow]
async fn wrap_form(w: Wrap) -> Wrap {
    let s = text(&w.0).await;
    Wrap(s + "w")
}
#[workflow]
async fn opt_form(n: Option<i64>) -> Option<i64> {
    let a = opt(n).await;
    let b = a.map(|v| v + 1).unwrap_or(5);
    if let Some(v) = opt(None).await {
        return Some(v);
    }
    match opt(Some(b)).await {
        Some(v) if v > 5 => Some(v),
        Some(v) => Some(-v),
        None => None,
    }
}
#[workflow]
async fn two_options(a: Option<i64>, b: Option<String>) -> String {
    let s = text(b.as_deref().unwrap_or("none")).await;
    format!("{s}{}", a.unwrap_or_default())
}
#[workflow]
async fn tuple_form(n: i64) -> (i64, Vec<i64>, String) {
    let (a, v) = (double(n).await, vec![n, n + 1]);
    (a, v, "x".into())
}
#[workflow]
async fn dead_form(n: i64, xs: Vec<i64>) -> i64 {
    let _unused = xs[n as usize];
    let v = double(n).await;
    let _w = xs[v as usize];
    double(1).await
}
#[workflow]
async fn index_form(xs: Vec<i64>, i: usize) -> i64 {
    let a = double(1).await;
    let b = xs[i - 1];
    a + b
}
#[workflow]
async fn div_form(a: i64, b: i64) -> String {
    let q = a / b;
    let r = a % b;
    text("z").await;
    let h = a / 2;
    let m = a % 3;
    let n = -a;
    format!("{q} {r} {h} {m} {n} {}", a * b % 1000)
}
#[workflow]
async fn u32_form(a: u32, b: u32) -> String {
    text("z").await;
    format!("{} {} {} {}", a / b, a % b, a as u64 * b as u64, a - b)
}
#[workflow]
async fn f64_form(a: f64, b: f64) -> f64 {
    double(1).await;
    let c = a / b;
    if c > 1.5 { c * 2.0 } else { a - b + 0.5 }
}
#[workflow]
async fn text_form(s: String, t: String) -> String {
    let n = text(&s).await;
    let mut out = String::new();
    out.push_str(&n);
    out += "-";
    if t.is_empty() {
        out = out + "E";
    }
    if s == t {
        out.push('=');
    }
    if s.contains("a") {
        out.push_str("A");
    }
    if s.starts_with("ab") {
        out.push_str("B");
    }
    format!("{out}{}{}{}", s.len(), t.chars().count(), s.to_uppercase())
}
#[workflow]
async fn list_form(xs: Vec<i64>) -> Vec<i64> {
    double(1).await;
    let mut ys: Vec<i64> = xs.iter().filter(|x| **x > 1).map(|x| x * 2).collect::<Vec<_>>();
    ys.push(xs.len() as i64);
    if xs.contains(&3) {
        ys.push(-3);
    }
    let s = xs.iter().sum::<i64>();
    ys.push(s);
    if let Some(f) = xs.first() {
        ys.push(*f);
    }
    if xs.iter().all(|x| *x > 0) {
        ys.push(1);
    }
    ys.extend(xs.iter().rev().cloned().collect::<Vec<i64>>());
    let z: i64 = xs.iter().enumerate().map(|(i, x)| i as i64 * x).sum::<i64>();
    ys.push(z);
    ys
}
#[workflow]
async fn vecvec_form(xs: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    double(1).await;
    let mut out = vec![];
    for x in &xs {
        let k = double(x.len() as i64).await;
        out.push(vec![k, k]);
    }
    out.push(xs[0].clone());
    let ys = xs.iter().map(|x| x.clone()).collect::<Vec<Vec<i64>>>();
    out.extend(ys);
    out
}
#[workflow]
async fn sleepv_form(n: u64) -> u64 {
    sleep(Duration::from_millis(n)).await;
    sleep(Duration::from_secs(n + 1)).await;
    n
}
#[workflow]
async fn fold_form(xs: Vec<i64>) -> String {
    double(1).await;
    let mut sum = 0;
    let mut big: Vec<i64> = vec![];
    let mut s = String::new();
    for x in &xs {
        sum += x;
        if *x > 1 {
            big.push(*x);
        }
        s.push_str("a");
    }
    format!("{sum}:{}:{s}", big.len())
}

#[test]
fn data_is_built_taken_apart_and_changed() {
    let thing = |gift: bool, level: Value, best: Value| {
        json!({
            "ownId": "id", "isGift": gift, "level": level, "tags": ["a"], "bestOf": best,
            "pair": [4, "p"]
        })
    };
    check::<thing_form>(thing(true, json!("MID"), json!(null)), "mid2p!");
    check::<thing_form>(thing(false, json!("Low"), json!(3)), "lowp!");
    check::<thing_form>(thing(true, json!({"High": {"by": 9}}), json!(null)), "high9p?");
    check::<wrap_form>("s", "sw");
    check::<tuple_form>(3, json!([6, [3, 4], "x"]));
}

#[test]
fn options_are_null_or_the_value() {
    check::<opt_form>(json!(null), -5);
    check::<opt_form>(5, 6);
    check::<two_options>(json!({"a": 4, "b": "q"}), "q4");
    check::<two_options>(json!({"a": null, "b": null}), "none0");
    check::<two_options>(json!({}), "none0");
}

#[test]
fn what_nothing_reads_may_still_fail() {
    check::<dead_form>(json!({"n": 1, "xs": [1, 2, 3]}), 2);
    fails::<dead_form>(json!({"n": 9, "xs": [1]}), BREAKS);
    fails::<dead_form>(json!({"n": 1, "xs": [1, 2]}), BREAKS);
}

#[test]
fn an_index_is_checked() {
    check::<index_form>(json!({"xs": [1, 2], "i": 1}), 3);
    fails::<index_form>(json!({"xs": [1, 2], "i": 0}), BREAKS);
    fails::<index_form>(json!({"xs": [1, 2], "i": 3}), BREAKS);
}

#[test]
fn arithmetic_is_rusts() {
    check::<div_form>(json!({"a": 7, "b": 2}), "3 1 3 1 -7 14");
    check::<div_form>(json!({"a": -7, "b": 2}), "-3 -1 -3 -1 7 -14");
    check::<div_form>(json!({"a": 7, "b": -2}), "-3 1 3 1 -7 -14");
    fails::<div_form>(json!({"a": 7, "b": 0}), BREAKS);
    fails::<div_form>(json!({"a": 3_000_000_000_i64, "b": 3_000_000_000_i64}), BREAKS);
    check::<u32_form>(json!({"a": 7, "b": 2}), "3 1 14 5");
    fails::<u32_form>(json!({"a": 2, "b": 7}), BREAKS);
    check::<f64_form>(json!({"a": 7.5, "b": 2.5}), 6);
    check::<f64_form>(json!({"a": 1.0, "b": 4.0}), -2.5);
    fails::<f64_form>(json!({"a": 1.0, "b": 0.0}), BREAKS);
}

#[test]
fn text_is_rusts() {
    check::<text_form>(json!({"s": "abc", "t": ""}), "abc-EAB30ABC");
    check::<text_form>(
        json!({"s": "\u{e9}'\"\\", "t": "\u{65e5}\u{672c}\u{1f600}"}),
        "\u{e9}'\"\\-53\u{c9}'\"\\",
    );
    check::<text_form>(json!({"s": "", "t": ""}), "-E=00");
}

#[test]
fn lists_are_filtered_mapped_and_summed() {
    check::<list_form>(json!([]), json!([0, 0, 1, 0]));
    check::<list_form>(json!([1]), json!([1, 1, 1, 1, 1, 0]));
    check::<list_form>(json!([3]), json!([6, 1, -3, 3, 3, 1, 3, 0]));
    check::<list_form>(json!([1, 2, 3, 4]), json!([4, 6, 8, 4, -3, 10, 1, 1, 4, 3, 2, 1, 20]));
    fails::<list_form>(json!([9_007_199_254_740_991_i64, 5]), BREAKS);
    check::<vecvec_form>(json!([[1, 2], [3]]), json!([[4, 4], [2, 2], [1, 2], [1, 2], [3]]));
    check::<vecvec_form>(json!([[1]]), json!([[2, 2], [1], [1]]));
}

#[test]
fn waits_may_depend_on_variables() {
    check::<sleepv_form>(1500, 1500);
    check::<sleepv_form>(0, 0);
}

#[test]
fn a_loop_without_steps_is_reduced() {
    check::<fold_form>(json!([]), "0:0:");
    check::<fold_form>(json!([1, 2, 3]), "6:2:aaa");
    fails::<fold_form>(json!([9_007_199_254_740_991_i64, 1, -1]), BREAKS);
}
