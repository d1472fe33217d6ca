//! Waits.

use super::*;

#[workflow]
async fn a_year() -> i64 {
    sleep(Duration::from_secs(365 * 24 * 3600)).await;
    double(1).await
}

#[test]
fn a_year_passes_in_no_time() {
    check::<a_year>(json!(null), json!([["double", {"n": 1}]]), End::Output(json!(2)));
}

#[workflow]
async fn computed(n: u64) -> u64 {
    for i in 0..n {
        sleep(Duration::from_secs(i * 60)).await;
    }
    n
}

#[test]
fn a_pause_may_be_computed_and_be_nothing() {
    check::<computed>(json!(3), json!([]), End::Output(json!(3)));
}

#[workflow]
async fn slept(n: u64) -> u64 {
    sleep(Duration::from_secs(n)).await;
    n
}

#[test]
fn a_pause_may_be_three_years_and_no_longer() {
    let longest = 99_999_999;
    check::<slept>(json!(longest), json!([]), End::Output(json!(longest)));
    check::<slept>(json!(longest + 1), json!([]), End::Breaks);
}

#[workflow]
async fn until(at: Timestamp) -> i64 {
    sleep_until(at).await;
    double(2).await
}

#[test]
fn a_point_in_the_past_is_now() {
    check::<until>(
        json!("2001-02-03T04:05:06Z"),
        json!([["double", {"n": 2}]]),
        End::Output(json!(4)),
    );
    check::<until>(
        json!("2101-02-03T04:05:06Z"),
        json!([["double", {"n": 2}]]),
        End::Output(json!(4)),
    );
}
