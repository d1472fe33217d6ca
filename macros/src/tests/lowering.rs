//! From source to segments.

use super::lowered;
use insta::assert_snapshot;

#[test]
fn a_call_cuts_the_body() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 { let x = n + 1; let y = double(x).await; x + y }"
    ), @r"
    0: frame 0, begin, alive [n]
      let x = n + 1;
      await double(x) -> 1 Value
    1: frame 0, resume with double_result, alive [x]
      let y = __t1.v;
      end x + y
    ");
}

#[test]
fn a_branch_without_a_step_falls() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 {
            let x = if n < 0 { return 0 } else { n * 2 };
            let Some(y) = half(x) else { return 1 };
            double(y).await
        }"
    ), @r"
    0: frame 0, begin, alive [n]
      if (falls) n < 0
        end 0
      else
        gives value = n * 2
      let x = __d1;
      let Some(y) = half(x); else
        end 1
      await double(y) -> 1 Returned
    1: frame 0, resume with double_result, alive []
      end __t2.v
    ");
}

#[test]
fn a_branch_with_a_step_joins() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 {
            let mut x = 1;
            if n > 3 { x = double(n).await; }
            x + n
        }"
    ), @r"
    0: frame 0, begin, alive [n]
      let mut x = 1;
      if n > 3
        await double(n) -> 1 Value
      else
        goto 2
    1: frame 0, resume with double_result, alive [n]
      x = __t1.v;
      goto 2
    2: frame 0, jump, alive [n x]
      end x + n
    ");
}

#[test]
fn a_loop_is_a_segment_with_a_head() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 {
            let mut tries = 0;
            let got = 'poll: loop {
                tries += 1;
                if is_ready(tries).await { break 'poll tries; }
                sleep(PAUSE).await;
            };
            got + n
        }"
    ), @r"
    0: frame 0, begin, alive [n]
      let mut tries = 0;
      goto 1
    1: frame 0, jump, alive [n tries]
      tries += 1;
      await is_ready(tries) -> 3 Value
    3: frame 0, resume with is_ready_result, alive [n tries]
      if (falls) __t2.v
        sets value = tries
        goto 2
      else
      pause sleep(PAUSE) -> 4 Dropped
    4: frame 0, resume with sleep_result, alive [n tries]
      goto 1
    2: frame 0, jump, alive [n value]
      let got = __d1;
      end got + n
    ");
}

#[test]
fn a_for_walks_a_stored_list() {
    assert_snapshot!(lowered(
        "async fn run(items: Vec<i64>) {
            for item in &items { if *item == 3 { continue } double(*item).await; }
        }"
    ), @r"
    0: frame 0, begin, alive [items]
      walk item_list item_index = &items
      goto 1
    1: frame 0, jump, alive [item_list item_index]
      next item
        if (falls) * item == 3
          goto 1
        else
        await double(* item) -> 3 Dropped
      else
        goto 2
    3: frame 0, resume with double_result, alive [item_list item_index]
      goto 1
    2: frame 0, jump, alive []
      end ()
    ");
}

#[test]
fn operands_before_a_step_are_evaluated_before_it() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 { add(f(n), double(n).await).await + g(n) * double(1).await }"
    ), @r"
    0: frame 0, begin, alive [n]
      sets value = f(n)
      await double(n) -> 1 Value
    1: frame 0, resume with double_result, alive [n value]
      await add(__d1, __t2.v) -> 2 Value
    2: frame 0, resume with add_result, alive [n]
      sets value_2 = g(n)
      await double(1) -> 3 Value
    3: frame 0, resume with double_result_2, alive [add_result value_2]
      end __t3.v + __d4 * __t5.v
    ");
}

#[test]
fn a_place_stays_where_it_is() {
    assert_snapshot!(lowered(
        "async fn run(mut v: Vec<i64>) {
            v[f(0)] += double(1).await;
            v[0].add(double(2).await);
            v[f(1)].rows[double(3).await] = g();
        }"
    ), @r"
    0: frame 0, begin, alive [v]
      await double(1) -> 1 Value
    1: frame 0, resume with double_result, alive [v]
      v [f(0)] += __t1.v;
      await double(2) -> 2 Value
    2: frame 0, resume with double_result_2, alive [v]
      v [0].add(__t2.v);
      sets value = f(1)
      await double(3) -> 3 Value
    3: frame 0, resume with double_result_3, alive [v value]
      v [__d3].rows [__t4.v] = g();
      end ()
    ");
}

#[test]
fn a_lazy_operator_becomes_a_branch() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> bool { if n > 1 && is_ready(n).await && n < 9 { true } else { false } }"
    ), @r"
    0: frame 0, begin, alive [n]
      if n > 1
        await is_ready(n) -> 2 Value
      else
        goto 1
    2: frame 0, resume with is_ready_result, alive [n]
      if __t1.v &&n < 9
        end true
      else
        goto 1
    1: frame 0, jump, alive []
      end false
    ");
}

#[test]
fn the_result_of_a_step_is_matched_in_place() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> Result<i64, E> {
            let r = match charge(n).await { Ok(r) => r, Err(E::Declined) => return Ok(0), Err(e) => return Err(e) };
            ship(r).await?;
            Ok(r)
        }"
    ), @r"
    0: frame 0, begin, alive [n]
      await charge(n) -> 1 Matched
    1: frame 0, resume with charge_result, alive []
      match (falls) __t2.v
        Ok(r) =>
          gives value = r
        Err(E::Declined) =>
          end Ok(0)
        Err(e) =>
          end Err(e)
      let r = __d1;
      await ship(r) -> 2 Tried
    2: frame 0, resume with ship_result, alive [r_2]
      __t3.v?;
      end Ok(r)
    ");
}

#[test]
fn branches_and_iterations_have_frames() {
    assert_snapshot!(lowered(
        "async fn run(items: Vec<i64>, k: i64) -> i64 {
            let (a, b) = join!(double(k), async { let x = double(1).await; x + k });
            let all = try_join_all(items.iter().map(|item| add(item, a))).await?;
            a + b + all.len()
        }"
    ), @r"
    0: frame 0, begin, alive [items k]
      spawn [1, 2] -> 5 Value
    1: frame 1, begin, alive [k]
      await double(k) -> 2 Value
    2: frame 1, resume with double_result, alive []
      end __t1.v
    3: frame 2, begin, alive [k]
      await double(1) -> 4 Value
    4: frame 2, resume with double_result_2, alive [k]
      let x = __t2.v;
      end x + k
    5: frame 0, resume with joined, alive [items]
      let(a, b) = __t3.v;
      map items.iter() by [3] -> 8 Tried
    6: frame 3, begin with item, alive [a]
      await add(item, a) -> 7 Returned
    7: frame 3, resume with add_result, alive []
      end __t4.v
    8: frame 0, resume with add_results, alive [a b]
      let all = __t5.v?;
      end a + b + all.len()
    ");
}

#[test]
fn a_shadowed_name_has_a_key_of_its_own() {
    assert_snapshot!(lowered(
        "async fn run(count: i64) -> i64 { let x = count; { let x = double(x).await; print(x).await; } x }"
    ), @r"
    0: frame 0, begin, alive [count_2]
      let x = count;
      block
        await double(x) -> 1 Value
    1: frame 0, resume with double_result, alive [x]
      let x = __t1.v;
      await print(x) -> 2 Dropped
    2: frame 0, resume with print_result, alive [x]
      goto 3
    3: frame 0, jump, alive [x]
      end x
    ");
}

#[test]
fn a_native_loop_leaves_by_a_jump() {
    assert_snapshot!(lowered(
        "async fn run(n: i64) -> i64 {
            loop { let x = double(n).await; for k in 0..x { if k == 3 { break; } if k == n { return k } } }
        }"
    ), @r"
    0: frame 0, begin, alive [n]
      goto 1
    1: frame 0, jump, alive [n]
      await double(n) -> 3 Value
    3: frame 0, resume with double_result, alive [n]
      let x = __t2.v;
      for k in 0 .. x { if k == 3 { break; } if k == n { __leave!(0usize, k) } };  // may leave
      goto 1
    2: frame 0, jump, alive [value]
      end __d1
    ");
}

#[test]
fn format_strings_mention_locals() {
    assert_snapshot!(lowered(
        "async fn run(a: i64, b: i64, width: usize) -> String {
            double(1).await;
            format!(\"{a:>width$} {{b}}\")
        }"
    ), @r#"
    0: frame 0, begin, alive [a width]
      await double(1) -> 1 Dropped
    1: frame 0, resume with double_result, alive [a width]
      end format!("{a:>width$} {{b}}")
    "#);
}
