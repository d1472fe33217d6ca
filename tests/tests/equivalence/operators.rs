//! Operators, methods of numbers, texts and lists, and more corners.

use super::*;

#[workflow]
async fn below_zero(a: u64, b: u64) -> u64 {
    let d = a - b;
    double(1).await;
    d
}

#[test]
fn an_unsigned_difference_is_never_negative() {
    check::<below_zero>(
        json!({"a": 3, "b": 2}),
        json!([["double", {"n": 1}]]),
        End::Output(json!(1)),
    );
    check::<below_zero>(json!({"a": 2, "b": 3}), json!([]), End::Breaks);
}

#[workflow]
async fn compared_with_largest(n: i64) -> bool {
    let big = n < i64::MAX;
    double(1).await;
    big
}

#[test]
fn a_comparison_with_the_largest_integer_holds() {
    check::<compared_with_largest>(
        json!(3),
        json!([["double", {"n": 1}]]),
        End::Output(json!(true)),
    );
}

#[workflow]
async fn backwards(n: i64) -> i64 {
    let mut s = 0;
    for i in (0..n).rev() {
        s = add(s * 10, i).await;
    }
    s
}

#[test]
fn for_counts_backwards() {
    check::<backwards>(
        json!(3),
        json!([["add", {"a": 0, "b": 2}], ["add", {"a": 20, "b": 1}], ["add", {"a": 210, "b": 0}]]),
        End::Output(json!(210)),
    );
    check::<backwards>(json!(0), json!([]), End::Output(json!(0)));
}

#[workflow]
async fn filtered(xs: Vec<i64>) -> i64 {
    let mut s = 0;
    for x in xs.iter().filter(|x| **x > 1) {
        s = add(s, *x).await;
    }
    s
}

#[test]
fn for_takes_what_a_filter_leaves() {
    check::<filtered>(
        json!([1, 2, 3]),
        json!([["add", {"a": 0, "b": 2}], ["add", {"a": 2, "b": 3}]]),
        End::Output(json!(5)),
    );
    check::<filtered>(json!([1, 2]), json!([["add", {"a": 0, "b": 2}]]), End::Output(json!(2)));
    check::<filtered>(json!([1]), json!([]), End::Output(json!(0)));
}

#[workflow]
async fn upper(text: String) -> String {
    let u = text.to_uppercase();
    deliver(&u).await;
    u
}

#[test]
fn capitals_are_rusts() {
    check::<upper>(json!("aß"), json!([["deliver", {"url": "ASS"}]]), End::Output(json!("ASS")));
    check::<upper>(json!("xÿ"), json!([["deliver", {"url": "XŸ"}]]), End::Output(json!("XŸ")));
}

#[workflow]
async fn parts(text: String) -> bool {
    let u = text.starts_with("ab") || text.ends_with("z") || text.contains("--");
    double(1).await;
    u
}

#[test]
fn parts_of_a_text_are_found() {
    for (t, e) in [("abc", true), ("xz", true), ("a--b", true), ("", false), ("b", false)] {
        check::<parts>(json!(t), json!([["double", {"n": 1}]]), End::Output(json!(e)));
    }
}

#[workflow]
async fn replaced(text: String) -> String {
    let u = text.replace("a", "bb") + "x";
    double(1).await;
    u
}

#[test]
fn a_text_is_replaced_not_a_pattern() {
    for (t, e) in [("a.a", "bb.bbx"), ("", "x"), ("$1", "$1x")] {
        check::<replaced>(json!(t), json!([["double", {"n": 1}]]), End::Output(json!(e)));
    }
}

#[workflow]
async fn updated(order: Order) -> Order {
    let new = Order { total: 3, ..order };
    double(1).await;
    new
}

#[test]
fn a_struct_is_made_from_another() {
    let mut new = order(3, &physical());
    new["items"][1]["price"] = json!(1);
    check::<updated>(order(5, &physical()), json!([["double", {"n": 1}]]), End::Output(new));
}

#[workflow]
async fn bound(n: i64) -> i64 {
    let r = match n {
        m @ 1..=5 => double(m).await,
        m => m,
    };
    r
}

#[test]
fn a_pattern_binds_what_it_matches() {
    check::<bound>(json!(5), json!([["double", {"n": 5}]]), End::Output(json!(10)));
    check::<bound>(json!(6), json!([]), End::Output(json!(6)));
}

#[workflow]
async fn returned_from_argument(n: i64) -> i64 {
    let m = maybe(n).await;
    add(
        match m {
            Some(x) => x,
            None => return -1,
        },
        1,
    )
    .await
}

#[test]
fn a_return_in_an_argument_leaves_first() {
    check::<returned_from_argument>(
        json!(5),
        json!([["maybe", {"n": 5}], ["add", {"a": 4, "b": 1}]]),
        End::Output(json!(5)),
    );
    check::<returned_from_argument>(json!(0), json!([["maybe", {"n": 0}]]), End::Output(json!(-1)));
}

#[workflow]
async fn floats(a: f64) -> f64 {
    let b = a + 0.2;
    double(1).await;
    b * 3.0 - 0.1
}

#[test]
fn floats_add_and_multiply() {
    check::<floats>(
        json!(0.1),
        json!([["double", {"n": 1}]]),
        End::Output(json!((0.1_f64 + 0.2) * 3.0 - 0.1)),
    );
}

#[workflow]
async fn bounded(n: i64) -> i64 {
    let a = n.abs().min(10).max(-n);
    double(a).await
}

#[test]
fn numbers_are_bounded() {
    for (n, a) in [(-5, 5), (-50, 50), (30, 10), (0, 0)] {
        check::<bounded>(json!(n), json!([["double", {"n": a}]]), End::Output(json!(a * 2)));
    }
}

#[workflow]
async fn flagged(flag: bool) -> i64 {
    let a = flag as i64;
    double(a).await
}

#[test]
fn true_is_one() {
    check::<flagged>(json!(true), json!([["double", {"n": 1}]]), End::Output(json!(2)));
}

#[workflow]
async fn narrow_integers(n: i32) -> i32 {
    let a = n * 2;
    double(1).await;
    a
}

#[test]
fn thirty_two_bits_are_kept() {
    check::<narrow_integers>(json!(5), json!([["double", {"n": 1}]]), End::Output(json!(10)));
    check::<narrow_integers>(json!(1_500_000_000), json!([]), End::Breaks);
}

#[workflow]
async fn halved(n: i64) -> f64 {
    let a = n as f64 / 2.0;
    double(1).await;
    a
}

#[test]
fn an_integer_becomes_a_float() {
    check::<halved>(json!(5), json!([["double", {"n": 1}]]), End::Output(json!(2.5)));
}

#[workflow]
async fn truncated(a: f64) -> i64 {
    let n = a as i64;
    double(n).await
}

#[test]
fn a_float_becomes_an_integer_towards_zero() {
    check::<truncated>(json!(-2.7), json!([["double", {"n": -2}]]), End::Output(json!(-4)));
    check::<truncated>(json!(1e300), json!([]), End::Breaks);
}

#[workflow]
async fn as_text(n: i64) -> String {
    let text = n.to_string();
    deliver(&text).await;
    text
}

#[test]
fn an_integer_becomes_text_in_full() {
    for n in [0_i64, -5, 1_000_000_000_000_000] {
        check::<as_text>(
            json!(n),
            json!([["deliver", {"url": n.to_string()}]]),
            End::Output(json!(n.to_string())),
        );
    }
}

#[workflow]
async fn compound(n: i64) -> i64 {
    let mut x = n;
    x -= 1;
    x *= 3;
    x /= 2;
    x %= 5;
    let y = -x;
    double(y).await
}

#[test]
fn compound_assignments_truncate_like_rust() {
    check::<compound>(json!(-4), json!([["double", {"n": 2}]]), End::Output(json!(4)));
}

#[workflow]
async fn fetched(xs: Vec<i64>, i: i64) -> i64 {
    let x = xs.get(i as usize).copied();
    match x {
        Some(x) => double(x).await,
        None => -1,
    }
}

#[test]
fn get_gives_none_beyond_the_end() {
    check::<fetched>(
        json!({"xs": [4], "i": 0}),
        json!([["double", {"n": 4}]]),
        End::Output(json!(8)),
    );
    check::<fetched>(json!({"xs": [4], "i": 1}), json!([]), End::Output(json!(-1)));
    check::<fetched>(json!({"xs": [4], "i": -1}), json!([]), End::Breaks);
}

#[workflow]
async fn texts_equal(a: String, b: String) -> bool {
    double(1).await;
    a == b && a != "x"
}

#[test]
fn texts_are_compared() {
    check::<texts_equal>(
        json!({"a": "y", "b": "y"}),
        json!([["double", {"n": 1}]]),
        End::Output(json!(true)),
    );
}

#[workflow]
async fn looped_once(n: i64) -> i64 {
    let mut m = n;
    loop {
        m += 1;
        if double(m).await > 4 {
            break;
        } else if m > 1 {
            return 1;
        }
    }
    5
}

#[test]
fn a_loop_may_leave_from_both_arms() {
    check::<looped_once>(json!(2), json!([["double", {"n": 3}]]), End::Output(json!(5)));
    check::<looped_once>(
        json!(0),
        json!([["double", {"n": 1}], ["double", {"n": 2}]]),
        End::Output(json!(1)),
    );
}

#[workflow]
async fn or_return(n: i64) -> i64 {
    let x = if n > 3 { n } else { return double(n).await };
    x + 1
}

#[test]
fn an_arm_may_return() {
    check::<or_return>(json!(4), json!([]), End::Output(json!(5)));
    check::<or_return>(json!(3), json!([["double", {"n": 3}]]), End::Output(json!(6)));
}

#[workflow]
async fn tuples(n: i64) -> i64 {
    let t = (n, (n + 1, [n + 2, 0]));
    let (a, (b, [c, _])) = t;
    double(a + b + c).await
}

#[test]
fn tuples_nest() {
    check::<tuples>(json!(1), json!([["double", {"n": 6}]]), End::Output(json!(12)));
}

#[workflow]
async fn thrice(n: i64) -> i64 {
    double(n).await;
    double(n).await;
    let last = { double(n).await };
    last
}

#[test]
fn equal_calls_are_different_states() {
    check::<thrice>(
        json!(1),
        json!([["double", {"n": 1}], ["double", {"n": 1}], ["double", {"n": 1}]]),
        End::Output(json!(2)),
    );
}

#[workflow]
async fn unpacked(items: Vec<Item>) -> Vec<String> {
    let mut out = vec![];
    for Item { sku, qty, .. } in items {
        if qty == 0 {
            continue;
        }
        out.push(deliver(&sku).await);
    }
    out
}

#[test]
fn for_takes_items_apart() {
    check::<unpacked>(
        json!([{"sku": "a", "qty": 1, "price": 1}, {"sku": "b", "qty": 0, "price": 1}]),
        json!([["deliver", {"url": "a"}]]),
        End::Output(json!(["sent:a"])),
    );
}
