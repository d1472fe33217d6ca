//! Branches, loops, joins, failures and children in both forms; expectations by hand.

#![expect(
    clippy::manual_unwrap_or,
    clippy::redundant_pattern_matching,
    reason = "the programs use many forms on purpose"
)]

use super::*;
use serde_json::json;
use std::time::Duration;

#[workflow]
async fn other_form(n: i64) -> Result<String, Oops> {
    match risky(n).await {
        Ok(v) => Ok(format!("ok {v}")),
        Err(Oops::Bad { n }) => Ok(format!("bad {n}")),
        Err(Oops::Late) => Ok("late".to_owned()),
        Err(e) => Err(e),
    }
}
#[workflow]
async fn other_variant(n: i64) -> Result<String, Oops> {
    match risky(n).await {
        Ok(v) => Ok(format!("ok {v}")),
        Err(Oops::Other(f)) => {
            text("x").await;
            Ok(format!("other {}", f.error.unwrap_or_default()))
        }
        Err(_) => Ok("declared".into()),
    }
}
#[workflow]
async fn reraise_form(n: i64) -> Result<i64, Outer> {
    let a = plain(n).await?;
    let b = match outer(a).await {
        Ok(b) => b,
        Err(Outer::In(p)) => return Err(p.into()),
        Err(e) => {
            text("e").await;
            return Err(e);
        }
    };
    Ok(a + b)
}
#[workflow]
async fn outer_form(n: i64) -> Result<i64, Outer> {
    let r = outer(n).await;
    text("mid").await;
    match r {
        Err(Outer::In(Plain::Bad2(k))) => Ok(k),
        Err(Outer::In(Plain::Worse)) => Ok(-1),
        Err(Outer::Own(s)) => Err(Outer::Own(s)),
        Ok(v) => Ok(v),
    }
}
#[workflow]
async fn handed_on(n: i64) -> Result<i64, Outer> {
    let r = outer(n).await;
    text("mid").await;
    match r {
        Ok(v) => Ok(v),
        Err(e) => Err(e),
    }
}
#[workflow]
async fn join_data_form(n: i64) -> Result<String, Outer> {
    let (a, b) = join!(plain(n), double(n));
    let s = match a {
        Ok(v) => v,
        Err(Plain::Bad2(k)) => k,
        Err(Plain::Worse) => -1,
    };
    text("t").await;
    Ok(format!("{s}/{b}"))
}
#[workflow]
async fn join_leaves_form(n: i64) -> Result<i64, Outer> {
    let (a, b) = join!(
        async {
            let v = plain(n).await?;
            let w = double(v).await;
            Ok::<i64, Outer>(w)
        },
        double(n)
    );
    match a {
        Ok(v) => Ok(v + b),
        Err(_) => Ok(b),
    }
}
#[workflow]
async fn join_all_form(ns: Vec<i64>) -> i64 {
    let rs = join_all(ns.iter().map(|n| plain(*n))).await;
    let mut good = 0;
    for r in rs {
        match r {
            Ok(v) => good += v,
            Err(_) => {
                good = double(good).await;
            }
        }
    }
    good
}
#[workflow]
async fn try_match_form(n: i64) -> Result<i64, Outer> {
    match try_join!(plain(n), plain(n + 1)) {
        Ok((a, b)) => Ok(a + b),
        Err(Plain::Worse) => Ok(double(1).await),
        Err(e) => Err(e.into()),
    }
}
#[workflow]
async fn if_let_form(n: i64) -> i64 {
    if let Err(_) = plain(n).await {
        double(n).await
    } else if n > 5 {
        5
    } else if n > 4 {
        double(4).await
    } else {
        0
    }
}
#[workflow]
async fn if_ok_form(n: i64) -> i64 {
    let mut out = 0;
    if let Ok(v) = plain(n).await {
        out = v;
    }
    out + double(out).await
}
#[workflow]
async fn let_else_form(n: i64) -> i64 {
    let Ok(v) = plain(n).await else { return double(-1).await };
    v
}
#[workflow]
async fn break_value_form(n: i64) -> i64 {
    let mut i = n;
    let found = 'a: loop {
        i += 1;
        if i % 7 == 0 {
            break i * 2;
        }
        if i > n + 3 {
            break 'a double(i).await;
        }
        double(i).await;
    };
    found + 1
}
#[workflow]
async fn label_form(n: i64) -> i64 {
    let v = 'b: {
        if n > 3 {
            break 'b 1;
        }
        let d = double(n).await;
        if d > 4 {
            break 'b d;
        }
        9
    };
    v + 1
}
#[workflow]
async fn map_map_form(ns: Vec<Vec<i64>>) -> Vec<Vec<i64>> {
    join_all(ns.iter().map(|row| async move {
        let k = row.len() as i64;
        join_all(row.iter().map(|n| async move {
            let d = double(*n).await;
            d + k
        }))
        .await
    }))
    .await
}
#[workflow]
async fn map_join_form(ns: Vec<i64>) -> Vec<i64> {
    join_all(ns.into_iter().map(|n| async move {
        let (a, b) = join!(double(n), async {
            sleep(Duration::from_secs(n as u64)).await;
            n
        });
        a + b
    }))
    .await
}
#[workflow]
async fn map_loop_form(ns: Vec<i64>) -> Vec<i64> {
    join_all(ns.into_iter().map(|n| async move {
        let mut k = n;
        while k < 10 {
            k = double(k).await;
        }
        k
    }))
    .await
}
#[workflow]
async fn consec_form(n: i64) -> i64 {
    let mut t = n;
    if n > 1 {
        t = double(t).await;
    }
    if n > 2 {
        t += 1;
    }
    if n > 3 {
        return t;
    }
    if n < -3 {
        return double(t).await;
    }
    t - 1
}
#[workflow]
async fn early_form(n: i64) -> Result<i64, Outer> {
    if n < 0 {
        return Err(Outer::Own("neg".into()));
    }
    if n == 0 {
        return Ok(0);
    }
    let v = plain(n).await?;
    if v > 50 {
        return Err(Plain::Worse.into());
    }
    Ok(v)
}
#[workflow]
async fn cond_val_form(n: i64) -> i64 {
    let k = if n > 2 {
        double(n).await
    } else if n > 1 {
        7
    } else {
        n
    };
    let m = match k {
        0 | 1 => "few",
        2..=9 => "some",
        _ => "many",
    };
    text(m).await.len() as i64 + k
}
#[workflow]
async fn shadow_form(x: i64) -> i64 {
    let x = x + 1;
    let y = {
        let x = x * 2;
        double(x).await + x
    };
    let x = x + y;
    let sum = double(x).await;
    sum + x
}
#[workflow]
async fn pure_only_form(n: i64) -> i64 {
    let a = n * 2;
    if a > 4 { a - 1 } else { a }
}
#[workflow]
async fn child_form(n: i64) -> Result<i64, Outer> {
    let a = kid(n).await?;
    let b = match kid(n - 5).await {
        Ok(v) => v,
        Err(_) => -1,
    };
    Ok(a + b)
}
#[workflow]
async fn kid(n: i64) -> Result<i64, Plain> {
    let v = plain(n).await?;
    Ok(v + 1)
}
#[workflow]
async fn retry_form(n: i64) -> Result<i64, Oops> {
    let v = risky(n).retry(2).timeout(Duration::from_secs(9)).await?;
    Ok(v)
}
#[workflow]
async fn while_form(n: i64) -> i64 {
    let mut i = 0;
    let mut acc = vec![0];
    while i < n {
        i += 1;
        if i == 2 {
            continue;
        }
        let d = double(i).await;
        if d > 12 {
            break;
        }
        acc.push(d);
    }
    acc.len() as i64 + i
}

#[workflow]
async fn kids_form(n: i64) -> Result<i64, Outer> {
    match kid(n).await {
        Ok(v) => Ok(v),
        Err(Plain::Worse) => Ok(double(5).await),
        Err(Plain::Bad2(k)) => Err(Outer::Own(format!("k{k}"))),
    }
}
#[workflow]
async fn kid_data_form(n: i64) -> i64 {
    let r = kid(n).await;
    double(1).await;
    match r {
        Ok(v) => v,
        Err(Plain::Bad2(k)) => k,
        Err(_) => -7,
    }
}
#[test]
fn an_other_variant_takes_what_no_variant_declares() {
    check::<other_form>(0, "ok 0");
    check::<other_form>(1, "bad 7");
    check::<other_form>(2, "late");
    check::<other_variant>(1, "declared");
    check::<other_variant>(4, "ok 40");
}

#[test]
fn errors_go_on_by_their_names() {
    check::<reraise_form>(3, 330);
    fails::<reraise_form>(1, "Bad2");
    fails::<reraise_form>(2, "Worse");
    check::<outer_form>(1, 3);
    check::<outer_form>(3, -1);
    fails::<outer_form>(2, "Own");
    fails::<handed_on>(1, "Bad2");
    fails::<handed_on>(2, "Own");
    fails::<handed_on>(3, "Worse");
}

#[test]
fn results_of_branches_are_data() {
    check::<join_data_form>(1, "8/2");
    check::<join_data_form>(2, "-1/4");
    check::<join_data_form>(3, "30/6");
    check::<join_leaves_form>(1, 2);
    check::<join_leaves_form>(3, 66);
    check::<join_all_form>(json!([1, 2, 3]), 30);
    check::<join_all_form>(json!([]), 0);
    check::<join_all_form>(json!([4]), 40);
}

#[test]
fn a_failed_join_is_matched_by_variant() {
    fails::<try_match_form>(0, "Bad2");
    fails::<try_match_form>(1, "Bad2");
    check::<try_match_form>(2, 2);
    check::<try_match_form>(5, 110);
}

#[test]
fn branches_on_a_result_are_edges() {
    check::<if_let_form>(1, 2);
    check::<if_let_form>(3, 0);
    check::<if_let_form>(5, 8);
    check::<if_let_form>(6, 5);
    check::<if_ok_form>(1, 0);
    check::<if_ok_form>(3, 90);
    check::<let_else_form>(1, -2);
    check::<let_else_form>(3, 30);
}

#[test]
fn loops_and_blocks_have_values() {
    check::<break_value_form>(0, 9);
    check::<break_value_form>(5, 15);
    check::<label_form>(0, 10);
    check::<label_form>(3, 7);
    check::<label_form>(4, 2);
    check::<while_form>(3, 6);
    check::<while_form>(9, 13);
}

#[test]
fn maps_hold_maps_and_joins_and_loops() {
    check::<map_map_form>(json!([[1, 2], [3]]), json!([[4, 6], [7]]));
    check::<map_map_form>(json!([[]]), json!([[]]));
    check::<map_map_form>(json!([]), json!([]));
    check::<map_join_form>(json!([1, 2, 3]), json!([3, 6, 9]));
    check::<map_loop_form>(json!([1, 2, 30]), json!([16, 16, 30]));
}

#[test]
fn decisions_follow_each_other() {
    check::<consec_form>(0, -1);
    check::<consec_form>(2, 3);
    check::<consec_form>(4, 9);
    check::<consec_form>(-5, -10);
    fails::<early_form>(-1, "Own");
    check::<early_form>(0, 0);
    fails::<early_form>(1, "Bad2");
    check::<early_form>(3, 30);
    fails::<early_form>(9, "Worse");
    check::<cond_val_form>(0, 3);
    check::<cond_val_form>(2, 11);
    check::<cond_val_form>(9, 22);
}

#[test]
fn names_may_hide_names() {
    check::<shadow_form>(0, 21);
    check::<shadow_form>(3, 84);
}

#[test]
fn a_workflow_may_have_no_step() {
    check::<pure_only_form>(1, 2);
    check::<pure_only_form>(5, 9);
}

#[test]
fn a_childs_errors_are_told_apart() {
    check::<child_form>(6, 60);
    check::<child_form>(8, 112);
    check::<kids_form>(0, 1);
    fails::<kids_form>(1, "Own");
    check::<kids_form>(2, 10);
    check::<kid_data_form>(1, 8);
    check::<kid_data_form>(2, -7);
}
