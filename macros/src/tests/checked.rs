//! Checked arithmetic.

use crate::emit::checked;
use insta::assert_snapshot;
use quote::ToTokens as _;

fn check(source: &str) -> String {
    let mut expr = syn::parse_str(source).expect("the test's expression parses");
    checked::expr(&mut expr);
    let file = syn::parse2(quote::quote!(fn f() { let _ = #expr; }));
    let text = file
        .map_or_else(|_| expr.to_token_stream().to_string(), |file| prettyplease::unparse(&file));
    text.replace("::stepwright::__private::", "")
}

#[test]
fn simple_operands_stay_in_place() {
    assert_snapshot!(check("order.total + 1"), @r"
    fn f() {
        let _ = match held(
            if false {
                order.total + 1
            } else {
                use workflow::ops::lookup::*;
                Operands(order.total, 1).add()
            },
        ) {
            __value => __value.v,
        };
    }
    ");
}

#[test]
fn other_operands_are_evaluated_once() {
    assert_snapshot!(check("f(a) * -b"), @r"
    fn f() {
        let _ = match held(f(a)) {
            __left => {
                match held(
                    match held(
                        if false {
                            -b
                        } else {
                            use workflow::ops::lookup::*;
                            Operands(b, ()).neg()
                        },
                    ) {
                        __value => __value.v,
                    },
                ) {
                    __right => {
                        match held(
                            if false {
                                __left.v * __right.v
                            } else {
                                use workflow::ops::lookup::*;
                                Operands(__left.v, __right.v).mul()
                            },
                        ) {
                            __value => __value.v,
                        }
                    }
                }
            }
        };
    }
    ");
}

#[test]
fn an_operand_that_may_change_is_read_first() {
    assert_snapshot!(check("a + { a = 5; a }"), @r"
    fn f() {
        let _ = match held(a) {
            __left => {
                match held({
                    a = 5;
                    a
                }) {
                    __right => {
                        match held(
                            if false {
                                __left.v + __right.v
                            } else {
                                use workflow::ops::lookup::*;
                                Operands(__left.v, __right.v).add()
                            },
                        ) {
                            __value => __value.v,
                        }
                    }
                }
            }
        };
    }
    ");
}

#[test]
fn an_assignment_evaluates_its_value_first() {
    assert_snapshot!(check("total += total"), @r"
    fn f() {
        let _ = match held(total) {
            __right => {
                match held(&mut total) {
                    __left => {
                        if false {
                            *__left.v += __right.v;
                        } else {
                            use workflow::ops::lookup::*;
                            Operands(__left.v, __right.v)
                                .add_assign()
                        }
                    }
                }
            }
        };
    }
    ");
}

#[test]
fn a_cast_is_checked() {
    assert_snapshot!(check("n as u8"), @r"
    fn f() {
        let _ = match held(
            if false {
                n as u8
            } else {
                use workflow::ops::lookup::*;
                Operands(n, ()).cast()
            },
        ) {
            __value => __value.v,
        };
    }
    ");
}

#[test]
fn arguments_of_known_macros_are_checked() {
    assert_snapshot!(check("format!(\"{}\", n + 1)"), @r#"
    fn f() {
        let _ = format!(
            "{}", match held(if false { n + 1 } else { use
            workflow::ops::lookup:: *;
            Operands(n, 1).add() }) { __value => __value.v }
        );
    }
    "#);
}

#[test]
fn constants_and_patterns_are_left_alone() {
    for source in ["[0; 2 * 3]", "-1", "a < b", "matches!(n, 1)", "a && b", "!a"] {
        let mut expr: syn::Expr = syn::parse_str(source).expect("the test's expression parses");
        let before = expr.to_token_stream().to_string();
        checked::expr(&mut expr);
        assert_eq!(expr.to_token_stream().to_string(), before);
    }
}

#[test]
fn a_sum_is_checked_where_its_type_is_written() {
    assert_snapshot!(check("xs.iter().map(|x| x + 1).sum::<i64>()"), @r"
    fn f() {
        let _ = match held(
            xs
                .iter()
                .map(|x| match held(
                    if false {
                        x + 1
                    } else {
                        use workflow::ops::lookup::*;
                        Operands(x, 1).add()
                    },
                ) {
                    __value => __value.v,
                }),
        ) {
            __items => {
                match held(
                    if false {
                        __items.v.sum::<i64>()
                    } else {
                        use workflow::ops::lookup::*;
                        Operands(
                                __items.v,
                                ::core::marker::PhantomData::<i64>,
                            )
                            .total()
                    },
                ) {
                    __value => __value.v,
                }
            }
        };
    }
    ");
}
