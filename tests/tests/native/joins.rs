//! What runs at the same time.

use super::{check, data::*};

#[workflow(export = false)]
async fn joined(order: Order, n: i64) -> Result<String, FlowError> {
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
            order.items.len()
        }
    );
    let (r, s) = try_join!(
        async {
            let r = charge(&order).await?;
            Ok::<_, FlowError>(r.no)
        },
        async {
            let s = ship(Address { street: "x".into(), zip: n as u32 }, 1).await?;
            Ok(s)
        }
    )?;
    Ok(format!("{a} {b} {c} {r} {s} {}", order.id))
}

#[workflow(export = false)]
async fn mapped(order: Order) -> Result<f64, FlowError> {
    let factor = 2;
    let tag = order.id.clone();
    let ns =
        join_all(order.items.iter().map(|i| i.qty as i64).collect::<Vec<_>>().into_iter().map(
            |q| async move {
                let d = double(q).await;
                if d > 4 {
                    return 0;
                }
                add(d, factor).await
            },
        ))
        .await;
    let ps = try_join_all(order.items.into_iter().map(async |it| {
        let p = price(it).await?;
        sleep(Duration::from_secs(1)).await;
        Ok::<_, FlowError>(p * factor as f64)
    }))
    .await?;
    let ds = join_all(vec![1, 2, 3].into_iter().map(double)).await;
    Ok(ps.iter().sum::<f64>() + ns.iter().sum::<i64>() as f64 + tag.len() as f64 + ds.len() as f64)
}

#[workflow(export = false)]
async fn mapped_in_maps(order: Order) -> Result<i64, FlowError> {
    let ids: Vec<i64> = vec![1, 2, 3];
    let base = 10;
    let order = &order;
    let rows = try_join_all(ids.into_iter().map(async |i| {
        let (a, b) = join!(double(i), add(i, base));
        let inner = join_all(
            vec![a, b].into_iter().map(|x| async move { if x > 4 { double(x).await } else { x } }),
        )
        .await;
        if i > 100 {
            return Err(FlowError::Bad("x".into()));
        }
        let r = charge(order).await?;
        Ok(inner.into_iter().sum::<i64>() + r.no as i64)
    }))
    .await?;
    Ok(rows.iter().sum())
}

#[workflow(export = false)]
async fn joined_results(n: i64) -> Result<String, FlowError> {
    let (s1, s2, s3) = (sample(n), sample(-n), sample(n + 1));
    let (a, b) = join!(charge(&s1), charge(&s2));
    let c = join_all(
        [n, -n, 5000].into_iter().map(|k| async move { charge(&sample(k)).await.is_ok() }),
    )
    .await;
    let d = try_join!(charge(&s1), charge(&s3));
    match d {
        Ok((x, y)) => Ok(format!("{a:?}{b:?}{c:?}{x:?}{y:?}")),
        Err(ChargeError::Declined { why }) => Ok(why),
        Err(e) => Err(e.into()),
    }
}

#[workflow(export = false)]
async fn buffered(n: i64) -> i64 {
    use futures::StreamExt as _;
    let v: Vec<i64> = futures::stream::iter(0..n).map(|k| double(k)).buffered(2).collect().await;
    v.iter().sum()
}

#[test]
fn joined_is_the_same_in_the_engine() {
    check(|| joined(order(5, physical(1)), 4));
    check(|| joined(order(5, physical(1)), 0));
}

#[test]
fn mapped_is_the_same_in_the_engine() {
    check(|| mapped(order(5, physical(1))));
}

#[test]
fn mapped_in_maps_is_the_same_in_the_engine() {
    check(|| mapped_in_maps(sample(5)));
    check(|| mapped_in_maps(sample(5000)));
}

#[test]
fn joined_results_is_the_same_in_the_engine() {
    check(|| joined_results(5));
    check(|| joined_results(5000));
}

#[test]
fn buffered_is_the_same_in_the_engine() {
    check(|| buffered(5));
}
