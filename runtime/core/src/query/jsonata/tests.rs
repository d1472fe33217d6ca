//! Expressions and templates against answers known from JSONata 2.0.6 and from AWS.

use super::{
    Environment, EvaluationError, Expression, Limits, Moment, Template,
    limits::{TOO_DEEP, TOO_MUCH_MEMORY, TOO_SLOW},
};
use serde_json::{Map, Value, json};

const MOMENT: Moment = Moment { millis: 1_763_814_896_789, seed: 7 };

/// Those of Step Functions without the clock: what they stop is stopped on every machine.
const COUNTED: Limits = Limits { millis: u64::MAX, ..Limits::STEP_FUNCTIONS };

/// Evaluates against `$states.input` and variables; undefined is the text `undefined`.
#[track_caller]
fn evaluate(text: &str, input: &Value, variables: &Value) -> String {
    evaluate_within(COUNTED, text, input, variables)
}

#[track_caller]
fn evaluate_within(limits: Limits, text: &str, input: &Value, variables: &Value) -> String {
    let expression = Expression::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    let variables: Map<String, Value> = serde_json::from_value(variables.clone()).unwrap();
    let context = json!({"Execution": {"Id": "arn"}, "State": {"Name": "S"}});
    let execution_input = json!({"order": {"id": "o1"}});
    let environment = Environment::new(MOMENT)
        .input(input)
        .context(&context)
        .execution_input(&execution_input)
        .variables(&variables)
        .limits(limits);
    match expression.evaluate(&environment) {
        Ok(Some(value)) => value.to_string(),
        Ok(None) => "undefined".to_owned(),
        Err(thrown) => format!("threw {}", thrown.message),
    }
}

/// Checks expressions against answers.
#[track_caller]
fn check(expected: &[(&str, &str)]) {
    let variables = json!({"u": null, "one": [1], "none": [], "xs": [1, 2, 3], "x": [[1], [2]],
        "big": 1_732_255_000_123_456_i64, "text": "a b", "nested": {"n": 1_234_567_890_123_456_i64}});
    for (text, expected) in expected {
        assert_eq!(evaluate(text, &json!({"a": [1, 2]}), &variables), *expected, "{text}");
    }
}

#[test]
fn numbers_and_texts_are_those_of_jsonata_2_0_6() {
    check(&[
        ("1 + 2", "3"),
        ("7 / 2", "3.5"),
        ("7 % -2", "1"),
        ("-7 % 2", "-1"),
        ("$string(0.1 + 0.2)", r#""0.3""#),
        ("$round(2.5)", "2"),
        ("$u", "null"),
        ("$u = null", "true"),
        ("$missing = null", "false"),
        ("$missing > 1", "undefined"),
        ("$not($missing)", "undefined"),
        ("'a' & $missing", r#""a""#),
        ("$string($big)", r#""1732255000123460""#),
        ("'' & $big", r#""1732255000123460""#),
        ("$big & ''", r#""1732255000123460""#),
        ("$formatBase($big, 10)", r#""1732255000123456""#),
        ("$big", "1732255000123456"),
        ("$string($nested)", r#""{\"n\":1234567890123460}""#),
        ("$map([$big], $string)", r#""1732255000123460""#),
        ("$big ~> $string", r#""1732255000123460""#),
        ("$string(123456789012345)", r#""123456789012345""#),
        ("$string(-1234567890123455)", r#""-1234567890123460""#),
    ]);
}

#[test]
fn lists_and_functions_are_those_of_jsonata_2_0_6() {
    check(&[
        ("[[$one]]", "[[1]]"),
        ("[$one, $xs]", "[1,1,2,3]"),
        ("$append([], $map($one, function($v) { $v })[])", "[1]"),
        ("$map($one, function($v) { $v })", "1"),
        ("$filter($xs, function($v) { $v > 5 })", "undefined"),
        ("$xs[0]", "1"),
        ("$xs[-1]", "3"),
        ("$xs[9]", "undefined"),
        ("{'k': $missing}", "{}"),
        ("$reduce([], function($a, $v) { $a + $v })", "undefined"),
        ("$reduce($xs, function($a, $v) { $a + $v })", "6"),
        ("$reduce([], function($a, $v) { $a + $v }, 4)", "4"),
        ("$filter(null, function($v) { $v != 1 })", "null"),
        ("$reduce(null, function($a, $v) { [[$a, $v]] }, 'a')", r#"[["a",null]]"#),
        ("$reduce($xs, function($a, $v) { $a + $v }, $missing)", "6"),
        ("$reduce($none, function($a, $v) { $a + $v }, $missing)", "undefined"),
        ("$reduce($xs, function($a, $v) { $a + $v }, $xs[0])", "7"),
        ("$reduce($missing, function($a, $v) { $a + $v })", "undefined"),
        ("$reduce(5, function($a, $v) { $a + $v })", "5"),
        ("$encodeUrl($text)", r#""a%20b""#),
        ("$encodeUrlComponent('a-b/é')", r#""a-b%2F%C3%A9""#),
        ("$pad('a', -3, '0')", r#""00a""#),
        ("5e-324", "5e-324"),
        (
            "$pad('a', 5e8)",
            "threw Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
        ("$text.$pad(5)", r#""a b  ""#),
    ]);
}

#[test]
fn aws_adds_states_time_randomness_and_functions() {
    check(&[
        ("1 / 0", r#""Infinity""#),
        ("$states.input.a", "[1,2]"),
        ("$states.context.Execution.Input.order.id", r#""o1""#),
        ("$states.context.Execution.Id", r#""arn""#),
        ("$states.context.State.Name", r#""S""#),
        ("$count($keys($states.context.Execution))", "2"),
        ("$states.input.a[$ > 1]", "2"),
        ("$now()", r#""2025-11-22T12:34:56.789Z""#),
        ("$now('[Y0001]')", r#""2025""#),
        ("$millis()", "1763814896789"),
        ("$parse('{\"a\":[1]}').a", "[1]"),
        ("$partition([1,2,3], 2)", "[[1,2],[3]]"),
        ("$range(1, 9, 4)", "[1,5,9]"),
        ("$range(3, 1, -1)", "[3,2,1]"),
        ("$hash('a', 'MD5')", r#""0cc175b9c0f1b6a831c399e269772661""#),
        ("$hash('a', 'SHA-1')", r#""86f7e437faa5a7fce15d1ddcb9eaeaea377667b8""#),
        ("$random(5) = $random(5)", "true"),
        ("$random() = $random()", "false"),
        ("$uuid() = $uuid()", "false"),
        ("$length($uuid())", "36"),
        ("$sort($shuffle($xs))", "[1,2,3]"),
        ("($f := function($n) { $n < 1 ? 0 : $f($n - 1) }; $f(50))", "0"),
        ("($n := 1; $n + 1)", "2"),
        ("$error('no')", "threw D3137: no"),
        ("1 + 'a'", "threw T2002: The right side of the \"+\" operator must evaluate to a number"),
    ]);
}

#[test]
fn an_expression_that_does_not_end_is_stopped() {
    for (text, expected) in [
        ("($f := function($n) { 1 + $f($n) }; $f(1))", TOO_DEEP),
        ("($f := function($s) { $f($s & $s) }; $f('ab'))", TOO_MUCH_MEMORY),
        ("[1..873783]", TOO_MUCH_MEMORY),
        ("$range(1, 360146, 1)", TOO_MUCH_MEMORY),
        ("$join($map([1..50000], function($v) { 'aaaaaaaaaa' }), $pad('', 1000))", TOO_MUCH_MEMORY),
        ("$replace($pad('', 100000), ' ', $pad('', 100000))", TOO_MUCH_MEMORY),
        (
            "($d := function($x, $n) { $n = 0 ? $x : $d([[$x], [$x]], $n - 1) }; $d(1, 60) = $d(1, 60))",
            TOO_MUCH_MEMORY,
        ),
        (
            "($d := function($x, $n) { $n = 0 ? $x : $d([[$x], [$x]], $n - 1) }; $string($d(1, 60)))",
            TOO_MUCH_MEMORY,
        ),
        (
            "($d := function($x, $n) { $n = 0 ? $x : $d([[$x], [$x]], $n - 1) }; $d(1, 60))",
            TOO_MUCH_MEMORY,
        ),
        (
            "($d := function($x, $n) { $n = 0 ? $x : $d([[$x], [$x]], $n - 1) }; $count($d(1, 60).**))",
            TOO_MUCH_MEMORY,
        ),
    ] {
        assert_eq!(evaluate(text, &json!(1), &json!({})), format!("threw {expected}"), "{text}");
    }
}

#[test]
fn an_expression_that_only_the_clock_can_stop_is_stopped_by_it() {
    let limits = Limits { millis: 1, ..COUNTED };
    let text = "($f := function($n) { $f($n + 1) }; $f(1))";
    let shown = evaluate_within(limits, text, &json!(1), &json!({}));
    assert_eq!(shown, format!("threw {TOO_SLOW}"));
}

#[test]
fn nesting_ends_where_step_functions_ends_it() {
    let chain = |term: &str, count: usize| format!("1{}", term.repeat(count));
    let within = |open: &str, close: &str, count: usize| {
        format!("{}1{}", open.repeat(count), close.repeat(count))
    };
    let recursion =
        |n: usize| format!("($f := function($x) {{ $x <= 0 ? 0 : 1 + $f($x - 1) }}; $f({n}))");
    let text =
        |n: usize| format!("($f := function($x) {{ $x <= 0 ? '' : 'a' & $f($x - 1) }}; $f({n}))");
    let block = |n: usize| {
        format!("($f := function($x) {{ ($y := $x - 1; $y < 0 ? 0 : 1 + $f($y)) }}; $f({n}))")
    };
    let object =
        |n: usize| format!("($f := function($x) {{ $x <= 0 ? 0 : {{'a': $f($x - 1)}} }}; $f({n}))");
    for (fits, nests_too_deep) in [
        (chain("+1", 99), chain("+1", 100)),
        (within("(", ")", 99), within("(", ")", 100)),
        (within("[", "]", 99), within("[", "]", 100)),
        (recursion(31), recursion(32)),
        (text(31), text(32)),
        (block(23), block(24)),
        (object(31), object(32)),
    ] {
        let shown = |text: &str| evaluate(text, &json!(1), &json!({}));
        assert!(!shown(&fits).starts_with("threw"), "{fits}");
        assert_eq!(shown(&nests_too_deep), format!("threw {TOO_DEEP}"), "{nests_too_deep}");
    }
}

#[test]
fn a_loop_that_grows_a_text_bit_by_bit_is_not_charged_for_what_it_dropped() {
    let text = "$length($reduce([1..5000], function($s, $i) { $s & '0123456789012345678901234567890123456789' }, ''))";
    assert_eq!(evaluate(text, &json!(1), &json!({})), "200000");
}

#[test]
fn deep_nesting_is_compiled_and_evaluated_or_refused() {
    for depth in [100, 400, 900, 5000] {
        let text = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        let Ok(expression) = Expression::compile(&text) else { continue };
        let _whatever = expression.evaluate(&Environment::new(MOMENT));
        let sum = format!("{}1", "1 + ".repeat(depth));
        let _whatever =
            Expression::compile(&sum).map(|sum| sum.evaluate(&Environment::new(MOMENT)));
    }
}

#[test]
fn a_result_that_is_nested_too_deep_is_an_error() {
    let nest = |depth| format!("$reduce([1..{depth}], function($list, $i) {{ [[$list]] }}, 1)");
    assert_eq!(evaluate(&nest(100), &json!(1), &json!({})).len(), 2 * 101 + 1);
    let shown = evaluate(&nest(5_000), &json!(1), &json!({}));
    assert_eq!(shown, "threw The result is nested too deep");
}

#[test]
fn an_absurd_argument_ends_in_a_value_or_an_error() {
    // The evaluator adds start and length without looking, which panics where overflow is checked.
    let shown = evaluate("$substring('abc', 1, 1e300)", &json!(1), &json!({}));
    assert!(shown == r#""bc""# || shown.starts_with("threw"), "{shown}");
}

#[test]
fn the_same_moment_gives_the_same_random_values() {
    let text = "[$random(), $uuid(), $shuffle([1..9])]";
    assert_eq!(evaluate(text, &json!(1), &json!({})), evaluate(text, &json!(1), &json!({})));
}

#[test]
fn what_aws_refuses_is_refused_when_compiled() {
    for (text, expected) in [
        ("$x ?? 1", "the operator `??` is not part of JSONata 2.0.6"),
        ("$x ?: 1", "the operator `?:` is not part of JSONata 2.0.6"),
        ("$eval('1')", "the function `$eval` is not supported"),
        ("$map($x, $eval)", "the function `$eval` is not supported"),
        ("$", "`$` has nothing to refer to at the top of an expression"),
        ("$.a", "`$` has nothing to refer to at the top of an expression"),
        ("$$.a", "`$$` has nothing to refer to at the top of an expression"),
        ("a.b", "`a` has nothing to refer to at the top of an expression"),
        ("$sum(a)", "`a` has nothing to refer to at the top of an expression"),
        ("{'k': a}", "`a` has nothing to refer to at the top of an expression"),
        ("function($v) { $ }", "`$` has nothing to refer to at the top of an expression"),
        ("$map($x, function($v) { a })", "`a` has nothing to refer to at the top of an expression"),
        ("2(1)", "T1006: Attempted to invoke a non-function"),
        ("1 +", "S0207: Unexpected end of expression"),
    ] {
        let error = Expression::compile(text).expect_err(text);
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn names_inside_predicates_steps_and_patterns_are_fine() {
    for text in [
        "$x[a = 1]",
        "$x.(a + $)",
        "$x.{'k': a}",
        "$x{a: $sum(b)}",
        "$x^(>a)",
        "$x ~> |$|{'a': b}|",
        "$x.$map(a, function($v) { $v })",
        "$states.input.a.b",
    ] {
        Expression::compile(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    }
}

#[test]
fn free_names_leave_out_what_the_expression_binds() {
    for (text, variables, functions) in [
        ("$x + $y.a[$z]", "x y z", ""),
        ("($x := $y; $x)", "y", ""),
        ("($x := 1) + $x", "x", ""),
        ("(($x := 1); $x)", "x", ""),
        ("$map($xs, function($v, $i) { $v + $i + $o })", "o xs", "map"),
        ("($f := function($n) { $f($n - 1) }; $f(3))", "", ""),
        ("$states.input.x", "states", ""),
        ("$xs@$x.ys#$i.($x.a + $i)", "xs", ""),
        ("$sum($xs) ~> $string", "string xs", "sum"),
    ] {
        let expression = Expression::compile(text).unwrap();
        let joined = |names: &std::collections::BTreeSet<String>| {
            names.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(joined(expression.variables()), variables, "{text}");
        assert_eq!(joined(expression.functions()), functions, "{text}");
    }
}

#[track_caller]
fn fill(template: &Value) -> Result<Value, EvaluationError> {
    let variables: Map<String, Value> =
        [("x".to_owned(), json!(1)), ("s".to_owned(), json!("t"))].into_iter().collect();
    let environment = Environment::new(MOMENT).variables(&variables);
    Template::compile(template).unwrap().evaluate(&environment, "Output")
}

#[test]
fn templates_keep_what_is_not_an_expression() {
    assert_eq!(
        fill(&json!({"a": "{% $x + 1 %}", "b": ["{%$s%}", "{ $s }", null], "c": {"d": 1.5}})),
        Ok(json!({"a": 2, "b": ["t", "{ $s }", null], "c": {"d": 1.5}}))
    );
}

#[test]
fn a_failing_field_is_named_as_aws_names_it() {
    for (template, expected) in [
        (
            json!({"v": "{% $missing %}"}),
            "The JSONata expression '$missing' specified for the field 'Output/v' returned nothing (undefined).",
        ),
        (
            json!([1, {"v": "{% 1 + 's' %}"}]),
            "The JSONata expression '1 + 's'' specified for the field 'Output[1]/v' threw an error during evaluation. T2002: The right side of the \"+\" operator must evaluate to a number",
        ),
        (
            json!("{% $parse('{') %}"),
            "The JSONata expression '$parse('{')' specified for the field 'Output' threw an error during evaluation. D3137: Invalid JSON",
        ),
    ] {
        assert_eq!(fill(&template).unwrap_err().to_string(), expected);
    }
    let items = Template::compile(&json!("{% $x %}")).unwrap();
    assert_eq!(
        items.unexpected("Items", "array", json!(true)).to_string(),
        "The JSONata expression '$x' specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'boolean' for value: true"
    );
}

#[test]
fn half_open_brackets_are_refused_with_their_place() {
    for (template, pointers) in [
        (json!("{% $x"), vec![""]),
        (json!({"a": ["$x %}"], "b/c": " {% $x %}"}), vec!["/a/0", "/b~1c"]),
        (json!([" {% $x %} ", "say {% $x %} twice"]), vec![]),
        (json!("100 % of {x}"), vec![]),
    ] {
        let (_, errors) = Template::compile_all(&template);
        let found: Vec<_> = errors
            .iter()
            .map(|error| match error {
                super::TemplateError::Brackets { pointer }
                | super::TemplateError::Expression { pointer, .. } => pointer.as_str(),
            })
            .collect();
        assert_eq!(found, pointers);
    }
}

#[test]
fn a_recording_has_every_evaluation_with_what_it_read() {
    let variables = json!({"x": 1, "unread": 2});
    let variables = variables.as_object().unwrap();
    let environment = Environment::new(Moment { millis: 0, seed: 0 }).variables(variables);
    let evaluate = |text: &str| Expression::compile(text).unwrap().evaluate(&environment);
    let before = evaluate("$x");
    let (after, found) = super::recording(|| {
        let _error = evaluate("$error('no')");
        let _undefined = evaluate("$y");
        let _impure = evaluate("$random() + $x");
        evaluate(" $x + 1 ")
    });
    assert_eq!((before.unwrap(), after.unwrap()), (Some(json!(1)), Some(json!(2))));
    assert_eq!(
        found,
        [
            json!({"expr": "$error('no')", "bindings": {}, "error": true}),
            json!({"expr": "$y", "bindings": {}, "undefined": true}),
            json!({"expr": "$random() + $x", "bindings": {"x": 1}, "impure": true}),
            json!({"expr": "$x + 1", "bindings": {"x": 1}, "expected": 2}),
        ]
    );
}
