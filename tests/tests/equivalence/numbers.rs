//! Numbers that JavaScript would round: the same failure in both forms, or every digit.

use super::*;

/// 2^53: the first integer that a double cannot tell from its neighbour.
const TOO_LARGE: i64 = 9_007_199_254_740_992;

#[data]
struct Reading {
    id: u64,
    level: i64,
}

#[data]
#[derive(TaskError)]
enum Alarm {
    High { id: u64, at: Vec<(i64, Option<i64>)>, note: String },
    Drift { by: f64 },
    Held(Reading),
}

#[task]
async fn measure(n: i64) -> Reading {
    Reading { id: 1, level: n }
}

#[task]
async fn reset(n: i64) -> i64 {
    n
}

#[workflow]
async fn only_compared(n: i64) -> bool {
    measure(n).await.level > 5
}

#[workflow]
async fn not_looked_at(n: i64) -> i64 {
    reset(n).await;
    n
}

#[test]
fn a_result_that_would_lose_digits_fails_where_it_is_read() {
    let gives = |id: i64, level: i64| {
        Doubles::new()
            .task("measure", move |_: &testing::Call| Ok(json!({"id": id, "level": level})))
    };
    let calls = json!([["measure", {"n": 1}]]);
    check_with::<only_compared>(
        gives(TOO_LARGE - 1, 6),
        json!(1),
        calls.clone(),
        End::Output(json!(true)),
    );
    check_with::<only_compared>(gives(TOO_LARGE, 6), json!(1), calls.clone(), End::Breaks);
    check_with::<only_compared>(gives(1, -TOO_LARGE), json!(1), calls, End::Breaks);
}

#[test]
fn a_result_that_nothing_reads_may_be_anything() {
    check_with::<not_looked_at>(
        Doubles::new().task("reset", |_: &testing::Call| Ok(json!(TOO_LARGE))),
        json!(1),
        json!([["reset", {"n": 1}]]),
        End::Output(json!(1)),
    );
}

#[test]
fn no_execution_starts_with_a_number_that_would_lose_digits() {
    let refused = equivalent::<only_compared>().input(TOO_LARGE).try_check().unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`only_compared` with activities and input 9007199254740992:\nno execution starts with this \
         input: 9007199254740992 is beyond ±(2^53 - 1), where JSON numbers stop being exact"
    );
}

#[workflow]
async fn alarmed(reading: Reading) -> Result<i64, Alarm> {
    let level = reading.level;
    reset(level).await;
    match level {
        0 => {
            let at = vec![(level, None), (1_732_255_000_123_456, Some(-1_732_255_000_123_457))];
            Err(Alarm::High { id: reading.id, at, note: "a \"b\"\n{% c %} [𝄞]".to_owned() })
        }
        1 => Err(Alarm::Held(reading)),
        2 => Err(Alarm::Drift { by: 0.1 }),
        _ => Err(Alarm::Drift { by: level as f64 / 3.0 }),
    }
}

#[test]
fn the_cause_of_an_error_has_every_digit() {
    let reading = |level: i64| json!({"id": TOO_LARGE - 1, "level": level});
    let calls = |level: i64| json!([["reset", {"n": level}]]);
    check::<alarmed>(
        reading(0),
        calls(0),
        error(
            "High",
            json!({"High": {
                "id": 9_007_199_254_740_991_i64,
                "at": [[0, null], [1_732_255_000_123_456_i64, -1_732_255_000_123_457_i64]],
                "note": "a \"b\"\n{% c %} [𝄞]"
            }}),
        ),
    );
    check::<alarmed>(
        reading(1),
        calls(1),
        error("Held", json!({"Held": {"id": 9_007_199_254_740_991_i64, "level": 1}})),
    );
    check::<alarmed>(reading(2), calls(2), error("Drift", json!({"Drift": {"by": 0.1}})));
}

#[test]
fn an_error_with_a_float_of_more_digits_breaks() {
    check::<alarmed>(json!({"id": 1, "level": 4}), json!([["reset", {"n": 4}]]), End::Breaks);
    check::<alarmed>(
        json!({"id": 1, "level": 6}),
        json!([["reset", {"n": 6}]]),
        error("Drift", json!({"Drift": {"by": 2}})),
    );
}

#[workflow]
async fn large_floats(n: f64) -> (f64, f64) {
    let half = n / 2.0;
    reset(1).await;
    (n, half)
}

#[test]
fn a_float_may_be_as_large_as_it_likes() {
    let calls = json!([["reset", {"n": 1}]]);
    check::<large_floats>(json!(1e17), calls.clone(), End::Output(json!([1e17, 5e16])));
    check::<large_floats>(json!(1e300), calls.clone(), End::Output(json!([1e300, 5e299])));
    check::<large_floats>(json!(-0.0), calls, End::Output(json!([0, 0])));
}

#[task]
async fn weigh(v: f64) -> f64 {
    v
}

#[workflow]
async fn float_literals() -> f64 {
    weigh(1.0).await;
    weigh(-0.0).await;
    weigh(0.25).await;
    weigh(5e-324).await
}

#[test]
fn a_float_literal_is_handed_on_as_a_value_is() {
    let calls = json!([
        ["weigh", {"v": 1}], ["weigh", {"v": 0}], ["weigh", {"v": 0.25}], ["weigh", {"v": 5e-324}]
    ]);
    check::<float_literals>(json!({}), calls, End::Output(json!(5e-324)));
}

#[workflow]
async fn unusual(pairs: Vec<(i64, i64)>) -> i64 {
    pairs.len() as i64
}

#[test]
fn an_input_that_serde_reads_in_another_form_is_refused() {
    #[track_caller]
    fn refuses<W: Workflow>(input: Value, why: &str) {
        let refused = equivalent::<W>().input(input).try_check().unwrap_err().to_string();
        assert!(refused.ends_with(why), "{refused}");
    }
    refuses::<alarmed>(json!([1, 2]), r#"input: must be written as {"id":1,"level":2}"#);
    refuses::<unusual>(json!([[1, 2], [3]]), "[1]: invalid length 1, expected a tuple of size 2");
}

#[workflow]
async fn beyond_all_floats(x: f64, y: f64) -> Vec<f64> {
    weigh(x * y).await;
    let sum = x + y;
    weigh(1.0).await;
    vec![sum, x - y, x / y]
}

#[workflow]
async fn only_asked(x: f64, y: f64) -> bool {
    weigh(1.0).await;
    x * y > 1.0
}

#[workflow]
async fn back_again(x: f64, y: f64) -> f64 {
    weigh(x * y / 16.0).await
}

#[workflow]
async fn summed(xs: Vec<f64>) -> bool {
    weigh(1.0).await;
    let mut tripled = 0.5;
    for x in &xs {
        tripled += x * 3.0;
    }
    xs.iter().sum::<f64>() > tripled
}

#[workflow]
async fn perhaps(x: f64, use_it: bool) -> f64 {
    let large = x * 10.0;
    weigh(if use_it { large } else { 1.0 }).await
}

#[workflow]
async fn never_too_large(n: i64, x: f64) -> f64 {
    weigh(1.0).await;
    (x * 0.19 - 1.5) / 100.0 + n as f64
}

#[test]
fn a_float_beyond_all_numbers_is_a_failure_wherever_it_is_used() {
    let weighed = |v: Value| json!([["weigh", {"v": v}]]);
    let (large, largest) = (1e200, f64::MAX);
    let pair = |x: f64, y: f64| json!({"x": x, "y": y});
    check::<beyond_all_floats>(
        pair(4.0, 2.0),
        json!([["weigh", {"v": 8}], ["weigh", {"v": 1}]]),
        End::Output(json!([6, 2, 2])),
    );
    check::<beyond_all_floats>(pair(large, -large), json!([]), End::Breaks);
    check::<beyond_all_floats>(
        pair(largest, 1.0),
        json!([["weigh", {"v": largest}], ["weigh", {"v": 1}]]),
        End::Output(json!([largest, largest, largest])),
    );
    check::<beyond_all_floats>(
        pair(largest, 0.5),
        json!([["weigh", {"v": largest / 2.0}], ["weigh", {"v": 1}]]),
        End::Breaks,
    );
    check::<only_asked>(pair(2.0, 3.0), weighed(json!(1)), End::Output(json!(true)));
    check::<only_asked>(pair(large, large), weighed(json!(1)), End::Breaks);
    check::<back_again>(pair(8.0, 4.0), weighed(json!(2)), End::Output(json!(2)));
    check::<back_again>(pair(1e300, 1e10), json!([]), End::Breaks);
}

#[test]
fn sums_and_folds_of_floats_stay_finite_or_fail() {
    let weighed = json!([["weigh", {"v": 1}]]);
    check::<summed>(json!([]), weighed.clone(), End::Output(json!(false)));
    check::<summed>(json!([-1.0, -0.5]), weighed.clone(), End::Output(json!(true)));
    check::<summed>(json!([1e308, 1e308, -1e308, -1e308]), weighed.clone(), End::Breaks);
    check::<summed>(json!([1e308]), weighed, End::Breaks);
}

#[test]
fn a_float_that_is_too_large_fails_where_it_is_computed_even_if_nothing_takes_it() {
    check::<perhaps>(
        json!({"x": 2, "use_it": true}),
        json!([["weigh", {"v": 20}]]),
        End::Output(json!(20)),
    );
    check::<perhaps>(json!({"x": 1e308, "use_it": false}), json!([]), End::Breaks);
}

#[test]
fn floats_that_cannot_get_too_large_are_not_asked() {
    let definition = (never_too_large::workflow().program)().definition().to_text();
    assert!(!definition.contains("+ 0"), "{definition}");
    check::<never_too_large>(
        json!({"n": (1_i64 << 53) - 1, "x": f64::MAX}),
        json!([["weigh", {"v": 1}]]),
        End::Output(json!(f64::MAX * 0.19 / 100.0)),
    );
}

#[data]
struct Sample {
    at: f32,
    all: Vec<f32>,
}

#[task]
async fn probe(at: f32, sample: &Sample) -> f32 {
    at + sample.at
}

#[workflow]
async fn sampled(sample: Sample) -> (f32, bool, Vec<f32>) {
    let probed = probe(0.1, &sample).await;
    let again = probe(sample.at, &sample).await;
    (probed, again == 0.2, vec![again, 0.123_456_789_f32])
}

#[test]
fn a_float_of_32_bits_is_the_same_number_in_both_forms() {
    let sample = json!({"at": 0.1, "all": [0.3, 16_777_216]});
    check::<sampled>(
        sample.clone(),
        json!([
            ["probe", {"at": 0.1, "sample": sample}],
            ["probe", {"at": 0.1, "sample": sample}]
        ]),
        End::Output(json!([0.2, true, [0.2, 0.123_456_79]])),
    );
    let refused = equivalent::<sampled>().input(json!({"at": 0.123_456_789, "all": []}));
    let refused = refused.try_check().unwrap_err().to_string();
    assert!(refused.ends_with("at: must be written as 0.12345679"), "{refused}");
}

const TENTH: f32 = 0.1;

#[workflow]
async fn constants(xs: Vec<f64>) -> (f32, f64) {
    weigh(1.0).await;
    let mut least = f64::MAX;
    for x in &xs {
        if *x < least {
            least = *x;
        }
    }
    (TENTH, least)
}

#[test]
fn a_constant_is_the_same_number_in_both_forms() {
    let weighed = json!([["weigh", {"v": 1}]]);
    check::<constants>(json!([2, -1.5]), weighed.clone(), End::Output(json!([0.1, -1.5])));
    check::<constants>(json!([]), weighed, End::Output(json!([0.1, f64::MAX])));
}
