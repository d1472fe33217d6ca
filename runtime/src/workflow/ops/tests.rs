//! Checked operators: results, violations, and inference.

use super::{
    Hold as _, Violation, add, add_assign, cast, catch, div, div_assign, mul, neg, rem, sub,
    sub_assign,
};
use super::{Operands, operands::ViaTotal as _};
use crate::workflow::json::LARGEST;
use std::{marker::PhantomData, time::Duration};

#[track_caller]
fn fails<T: std::fmt::Debug>(segment: impl FnOnce() -> T, expected: &str) {
    assert_eq!(catch(segment).unwrap_err().message, expected);
}

#[test]
fn results_are_those_of_the_operators() {
    assert_eq!(catch(|| add(2_u8, 3_u8)), Ok(5));
    assert_eq!(add::<i64, i64, i64>(-2, 3), 1);
    assert_eq!(sub::<_, _, i64>(&5_i64, 7), -2);
    assert_eq!(mul::<_, _, i32>(&6, &7), 42);
    assert_eq!((div::<_, _, i64>(-7_i64, 2_i64), rem::<_, _, i64>(-7_i64, 2_i64)), (-3, -1));
    assert!((div::<f64, f64, f64>(1.0, 4.0) - 0.25).abs() < f64::EPSILON);
    assert_eq!(neg::<i64, i64>(5), -5);
    assert_eq!(add::<String, _, String>("a".to_owned(), "b"), "ab");
    assert_eq!(add::<String, _, String>("a".to_owned(), &"b".to_owned()), "ab");
    let halves: Duration = mul(Duration::from_millis(500), 3_u32);
    assert_eq!(halves, Duration::from_millis(1500));
}

#[test]
fn what_leaves_the_range_of_its_type_fails() {
    fails(|| add::<u8, u8, u8>(200, 100), "200 + 100 leaves the range of its type");
    fails(|| sub::<usize, usize, usize>(0, 1), "0 - 1 leaves the range of its type");
    fails(|| neg::<i8, i8>(-128), "-(-128) leaves the range of its type");
    fails(
        || div::<i64, i64, i64>(i64::MIN, -1),
        &format!("{} / -1 leaves the range of its type", i64::MIN),
    );
    fails(
        || sub::<Duration, Duration, Duration>(Duration::ZERO, Duration::from_secs(1)),
        "0ns - 1s is negative",
    );
}

#[test]
fn what_leaves_the_exact_numbers_fails() {
    let text = format!("{LARGEST} + 1 leaves the range of exact numbers, ±(2^53 - 1)");
    fails(|| add::<i64, i64, i64>(LARGEST, 1), &text);
    // 1 in Rust, 960 in JSONata, were the product not checked
    fails(
        || rem::<i64, i64, i64>(mul(3_000_000_000_i64, 3_000_000_000_i64), 1000),
        "3000000000 * 3000000000 leaves the range of exact numbers, ±(2^53 - 1)",
    );
    fails(
        || mul::<u128, u128, u128>(1 << 60, 1 << 60),
        "1152921504606846976 * 1152921504606846976 leaves the range of exact numbers, ±(2^53 - 1)",
    );
}

#[test]
fn a_division_by_zero_fails() {
    fails(|| div::<i64, i64, i64>(1, 0), "1 / 0 divides by zero");
    fails(|| rem::<u32, u32, u32>(1, 0), "1 % 0 divides by zero");
    fails(|| div::<f64, f64, f64>(1.0, 0.0), "1 / 0 is no finite number");
}

#[test]
fn casts_keep_the_number_or_fail() {
    assert_eq!((cast::<u8, i64>(200), cast::<f64, i64>(7), cast::<i64, bool>(true)), (200, 7.0, 1));
    assert_eq!((cast::<i64, f64>(-3.9), cast::<usize, f64>(3.9)), (-3, 3));
    fails(|| cast::<u8, i64>(300), "300 does not fit into u8");
    fails(|| cast::<u64, i32>(-1), "-1 does not fit into u64");
    fails(|| cast::<i64, f64>(f64::NAN), "NaN does not fit into i64");
    fails(|| cast::<u8, f64>(-1.0), "-1 does not fit into u8");
    fails(|| cast::<f64, i64>(LARGEST + 2), "9007199254740993 does not fit into f64 exactly");
}

#[test]
fn assignments_change_the_place_or_fail() {
    let mut n = 5_i64;
    add_assign(&mut n, 2);
    sub_assign(&mut n, &1);
    div_assign(&mut n, 2);
    assert_eq!(n, 3);
    let mut text = "a".to_owned();
    add_assign(&mut text, "b");
    assert_eq!(text, "ab");
    fails(|| sub_assign(&mut 0_u32, 1), "0 - 1 leaves the range of its type");
}

/// What the macro writes for `l + r` and `l += r`.
macro_rules! plus {
    ($l:expr, $r:expr) => {
        match ($l, $r) {
            (l, r) => {
                if false {
                    l + r
                } else {
                    add(l, r)
                }
            }
        }
    };
    ($l:expr => $r:expr) => {
        match $r {
            r => {
                if false {
                    $l += r;
                } else {
                    add_assign(&mut $l, r);
                }
            }
        }
    };
}

#[test]
fn inference_is_that_of_the_operator() {
    fn limit() -> u32 {
        2
    }
    let mut tries = 0;
    plus!(tries => 1);
    assert!(tries < limit());
    let undecided = plus!(1, 2);
    assert_eq!(undecided.max(1), 3);
    let totals: Vec<i64> = [1, 2].iter().map(|n| plus!(n, 1)).collect();
    assert_eq!(totals, [2, 3]);
    let text = plus!(String::new(), &"x".to_owned());
    assert_eq!(text.len(), 1);
    let mut sum = 0.0;
    for n in [1.5, 2.5] {
        plus!(sum => n);
    }
    assert!(sum > 3.9);
}

#[test]
fn a_panic_is_a_violation_with_its_message() {
    let empty: Vec<i64> = Vec::new();
    let index = empty.len();
    let failed = catch(|| empty[index]).unwrap_err();
    assert!(failed.message.starts_with("panicked: index out of bounds"), "{failed}");
}

#[test]
fn outside_a_segment_a_violation_is_a_panic_with_its_message() {
    let failed = std::panic::catch_unwind(|| add::<u8, u8, u8>(200, 100)).unwrap_err();
    assert_eq!(super::panic_text(&*failed), "200 + 100 leaves the range of its type");
    let nested = catch(|| catch(|| Violation::new("inner").unwind()).unwrap_err());
    assert_eq!(nested.unwrap().message, "inner");
}

#[test]
fn what_holds_nothing_says_what_is_there() {
    let check = |holds: &dyn Fn(), expected: &str| {
        assert_eq!(catch(holds).unwrap_err().message, expected);
    };
    check(
        &|| None::<u8>.must_hold("`unwrap()` at a.rs:3:7"),
        "`unwrap()` at a.rs:3:7 found `None`",
    );
    let failed: Result<u8, &str> = Err("late");
    check(&|| failed.must_hold("`expect(..)`"), "`expect(..)` found `Err(\"late\")`");
    assert_eq!(catch(|| Some(1).must_hold("`unwrap()`")), Ok(()));
}

#[test]
fn what_leaves_the_finite_numbers_fails() {
    let text = |symbol: &str| format!("{} {symbol} {} is no finite number", f64::MAX, f64::MAX);
    fails(|| add::<f64, f64, f64>(f64::MAX, f64::MAX), &text("+"));
    fails(|| mul::<f64, f64, f64>(f64::MAX, f64::MAX), &text("*"));
    fails(|| Operands([f64::MAX, f64::MAX].iter(), PhantomData::<f64>).total(), &text("+"));
    fails(
        || sub::<f64, f64, f64>(-1e308, 1e308),
        &format!("{} - {} is no finite number", -1e308, 1e308),
    );
}

#[test]
fn every_addition_of_a_sum_is_checked() {
    assert_eq!(Operands([1_u8, 2, 3].iter(), PhantomData::<u8>).total(), 6);
    fails(
        || Operands([200_u8, 100].iter(), PhantomData::<u8>).total(),
        "200 + 100 leaves the range of its type",
    );
}
