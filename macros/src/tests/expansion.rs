//! The whole expansion of a small workflow, for the reader.

#![expect(clippy::too_many_lines, reason = "an expansion is long")]

use super::expanded;
use insta::assert_snapshot;

fn native(item: &str) -> String {
    let tokens = expanded("export = false", item);
    let file = syn::parse2(tokens).expect("what is generated parses");
    let text = prettyplease::unparse(&file);
    let start = text.find("match __segment {").expect("the arms are there");
    let end = text[start..].find("_ => ::stepwright::__private::no_segment").expect("the last arm");
    text[start..start + end]
        .replace("::stepwright::__private::", "")
        .replace("::core::result::Result::", "")
}

#[test]
fn a_loop_that_polls() {
    assert_snapshot!(native(
        "async fn run(mut n: i64) -> Result<i64, E> {
            let name = f(&n);
            while !is_ready(n).await { n += 1; }
            charge(name).await?;
            Ok(n)
        }"
    ), @r#"
    match __segment {
                            0u32 => {
                                arm(
                                    __run,
                                    &__ret0,
                                    &(&Written(&__ret0)).io(),
                                    |__run: &mut Run<'_>| {
                                        let mut n = (&Written(&__s0))
                                            .io()
                                            .changed_parameter(
                                                __run,
                                                "n",
                                                ::core::option::Option::None,
                                                __arena,
                                            );
                                        let name = f(&n);
                                        (&Written(&__s0))
                                            .io()
                                            .store(__run, "n", &n);
                                        (&Probe(&name)).tie(&__s1);
                                        keep(&__s1)
                                            .store(__run, "name", &name);
                                        __run.keep(&["n", "name"]);
                                        return Ok(
                                            Action::Goto(1u32),
                                        );
                                    },
                                )
                            }
                            1u32 => {
                                arm(
                                    __run,
                                    &__ret0,
                                    &(&Written(&__ret0)).io(),
                                    |__run: &mut Run<'_>| {
                                        let mut n = (&Written(&__s0))
                                            .io()
                                            .changed_parameter(
                                                __run,
                                                "n",
                                                ::core::option::Option::None,
                                                __arena,
                                            );
                                        __run.enter("is_ready");
                                        match is_ready(n) {
                                            __call => {
                                                let __action = __s2
                                                    .start(
                                                        __run,
                                                        Calling(__call).call(),
                                                        &__c2,
                                                    );
                                                (&Written(&__s0))
                                                    .io()
                                                    .store(__run, "n", &n);
                                                __run.keep(&["n", "name"]);
                                                return Ok(__action);
                                            }
                                        }
                                    },
                                )
                            }
                            3u32 => {
                                arm(
                                    __run,
                                    &__ret0,
                                    &(&Written(&__ret0)).io(),
                                    |__run: &mut Run<'_>| {
                                        let mut n = (&Written(&__s0))
                                            .io()
                                            .changed_parameter(
                                                __run,
                                                "n",
                                                ::core::option::Option::None,
                                                __arena,
                                            );
                                        __run.caught("match_is_ready", "child_failed");
                                        let mut __t1 = Awaited {
                                            v: (&Written(&__s2))
                                                .io()
                                                .take(__run),
                                        };
                                        __run.enter("while_is_ready");
                                        if !__t1.v {
                                            n += 1;
                                            (&Written(&__s0))
                                                .io()
                                                .store(__run, "n", &n);
                                            __run.keep(&["n", "name"]);
                                            return Ok(
                                                Action::Goto(1u32),
                                            );
                                        } else {
                                            (&Written(&__s0))
                                                .io()
                                                .store(__run, "n", &n);
                                            __run.keep(&["n", "name"]);
                                            return Ok(
                                                Action::Goto(2u32),
                                            );
                                        }
                                    },
                                )
                            }
                            2u32 => {
                                arm(
                                    __run,
                                    &__ret0,
                                    &(&Written(&__ret0)).io(),
                                    |__run: &mut Run<'_>| {
                                        let mut name = keep(&__s1)
                                            .load(__run, "name", __arena);
                                        __run.enter("charge");
                                        match charge(name) {
                                            __call => {
                                                let __action = __s3
                                                    .start(
                                                        __run,
                                                        Calling(__call).call(),
                                                        &__c7,
                                                    );
                                                __run.keep(&["n"]);
                                                return Ok(__action);
                                            }
                                        }
                                    },
                                )
                            }
                            4u32 => {
                                arm(
                                    __run,
                                    &__ret0,
                                    &(&Written(&__ret0)).io(),
                                    |__run: &mut Run<'_>| {
                                        let mut n = (&Written(&__s0))
                                            .io()
                                            .changed_parameter(
                                                __run,
                                                "n",
                                                ::core::option::Option::None,
                                                __arena,
                                            );
                                        __run.caught("match_charge", "child_failed");
                                        let mut __t2 = Awaited {
                                            v: (&Written(&__s3))
                                                .io()
                                                .take(__run),
                                        };
                                        __run.enter_if_caught("charge_failed");
                                        __t2.v?;
                                        __run.enter("done");
                                        let __value = Ok(n);
                                        return Ok(
                                            (&Matching(
                                                &(&Written(&__ret0)).io(),
                                                &__value,
                                            ))
                                                .end(__run),
                                        );
                                    },
                                )
                            }
    "#);
}

#[test]
fn a_join_whose_failures_are_data() {
    assert_snapshot!(native(
        "async fn run(n: i64) -> i64 { let (a, b) = join!(double(n), async { n + 1 }); a + b }"
    ), @r#"
    match __segment {
                            0u32 => {
                                arm_plain(
                                    __run,
                                    |__run: &mut Run<'_>| {
                                        __run.enter("join");
                                        let __action = Action::Parallel;
                                        __run.keep(&[]);
                                        return __action;
                                    },
                                )
                            }
                            1u32 => {
                                arm_plain(
                                    __run,
                                    |__run: &mut Run<'_>| {
                                        let n = (&Written(&__s0))
                                            .io()
                                            .parameter(__run, ::core::option::Option::None, __arena);
                                        __run.enter("double");
                                        match double(n) {
                                            __call => {
                                                let __action = __s1
                                                    .start(
                                                        __run,
                                                        Calling(__call).call(),
                                                        &__c1,
                                                    );
                                                __run.keep(&[]);
                                                return __action;
                                            }
                                        }
                                    },
                                )
                            }
                            2u32 => {
                                arm_plain(
                                    __run,
                                    |__run: &mut Run<'_>| {
                                        __run.caught("match_double", "child_failed");
                                        let mut __t1 = Awaited {
                                            v: (&Written(&__s1))
                                                .io()
                                                .take(__run),
                                        };
                                        __run.enter("done_3");
                                        let __value = __t1.v;
                                        return keep(&__ret1)
                                            .end_as_data(__run, &__value);
                                    },
                                )
                            }
                            3u32 => {
                                arm_plain(
                                    __run,
                                    |__run: &mut Run<'_>| {
                                        let n = (&Written(&__s0))
                                            .io()
                                            .parameter(__run, ::core::option::Option::None, __arena);
                                        __run.enter("done");
                                        let __value = n + 1;
                                        return keep(&__ret2)
                                            .end_as_data(__run, &__value);
                                    },
                                )
                            }
                            4u32 => {
                                arm_plain(
                                    __run,
                                    |__run: &mut Run<'_>| {
                                        let mut __t2 = Awaited {
                                            v: (
                                                keep(&__ret1)
                                                    .branch(__run, 0usize),
                                                keep(&__ret2).branch(__run, 1usize),
                                            ),
                                        };
                                        let (a, b) = __t2.v;
                                        __run.enter("done_2");
                                        let __value = a + b;
                                        return (&Matching(
                                            &(&Written(&__ret0)).io(),
                                            &__value,
                                        ))
                                            .end(__run);
                                    },
                                )
                            }
    "#);
}

#[test]
fn a_state_of_the_source_has_its_name_before_those_around_a_call() {
    let text = expanded(
        "",
        "async fn run(n: i64) -> i64 {
            match book(n).await {
                Ok(booked) if booked > 3 => ship(booked).await,
                Ok(booked) => booked,
                Err(Refused::Late) => 0,
            }
        }",
    )
    .to_string();
    assert!(text.contains("enter (\"match_book\")"), "{text}");
}

#[test]
fn an_error_of_the_name_of_the_caught_one_is_not_the_caught_one() {
    let text = expanded(
        "",
        "async fn run(n: i64) -> Result<i64, E> {
            let error = E::Other;
            if let Err(error) = book(n).await {}
            Err(error)
        }",
    )
    .to_string();
    assert!(text.contains(". rest ("), "{text}");
}
