//! Templates against what AWS made of them.

use super::{Expression, PayloadFailure, Template, TemplateError};
use crate::query::jsonpath::{Path, Scope};
use serde_json::{Map, Value, json};

/// Fills a template, or gives the text of the failure.
fn fill(template: &Value, input: &Value) -> Result<Value, String> {
    let context = json!({"Execution": {"Id": "arn"}, "State": {"Name": "S"}});
    let execution_input = json!({"FunctionInput": "a,b"});
    let variables: Map<String, Value> =
        serde_json::from_value(json!({"order": {"ids": [1, 2]}, "nothing": null})).unwrap();
    let scope = Scope::new(input, 7)
        .context(&context)
        .execution_input(&execution_input)
        .variables(&variables);
    let template = Template::compile(template).map_err(|error| error.to_string())?;
    template.evaluate("Parameters", &scope).map_err(|failure| failure.to_string())
}

#[track_caller]
fn check(template: &Value, input: &Value, expected: &Value) {
    assert_eq!(fill(template, input).as_ref(), Ok(expected), "{template} on {input}");
}

#[track_caller]
fn check_failure(template: &Value, input: &Value, expected: &str) {
    assert_eq!(fill(template, input), Err(expected.to_owned()), "{template} on {input}");
}

#[test]
fn fields_with_a_mark_are_computed_and_others_kept() {
    check(
        &json!({"flagged": true, "parts": {"first.$": "$.vals[0]", "last3.$": "$.vals[3:]"}}),
        &json!({"flagged": 7, "vals": [0, 10, 20, 30, 40, 50]}),
        &json!({"flagged": true, "parts": {"first": 0, "last3": [30, 40, 50]}}),
    );
    check(
        &json!({"root.$": "$", "id.$": "$$.Execution.Id", "call.$": "States.Format('Func {}', $.v)",
            "split.$": "States.StringSplit($$.Execution.Input.FunctionInput, ',')",
            "var.$": "$order.ids[1]", "null.$": "$nothing"}),
        &json!({"v": "x"}),
        &json!({"root": {"v": "x"}, "id": "arn", "call": "Func x", "split": ["a", "b"], "var": 2,
            "null": null}),
    );
    check(
        &json!({"Overrides": [{"Environment": [{"Name": "N", "Value.$": "$.v"}]}, "$.v", 1]}),
        &json!({"v": "x"}),
        &json!({"Overrides": [{"Environment": [{"Name": "N", "Value": "x"}]}, "$.v", 1]}),
    );
    let constants = json!({"n": null, "i": 0, "f": 0.1, "text": "$.no.such.path", "e": "{% $x %}",
        "list": ["$", "$$", "States.Format('{}', $x)", [], {"a": 0}], "o": {}, "$": 1});
    check(&constants, &json!({}), &constants);
    assert!(Template::compile(&constants).unwrap().is_constant());
    check(&json!("$.v"), &json!({"v": 1}), &json!("$.v"));
    check(&json!({".$": "$.v"}), &json!({"v": 1}), &json!({"": 1}));
}

#[test]
fn names_in_brackets_keep_their_backslashes() {
    check(
        &json!({"value.$": r#"$['Test\""Name"']"#}),
        &json!({r#"Test\""Name""#: r#"Value"\"#}),
        &json!({"value": r#"Value"\"#}),
    );
}

#[test]
fn an_indefinite_path_that_finds_nothing_is_an_empty_list() {
    for path in [
        "$[*]",
        "$.items[:1]",
        "$.item.items[*]",
        "$.item.items[:1]",
        "$.item.items[1:5]",
        "$.items[:1].itemValue",
        "$.item.items[1:5].itemValue",
        "$..nope",
    ] {
        check(&json!({"item.$": path}), &json!({}), &json!({"item": []}));
    }
}

#[test]
fn an_index_beyond_a_list_is_null() {
    check(&json!({"v.$": "$.items[10]"}), &json!({"items": [1, 2]}), &json!({"v": null}));
    check(&json!({"v.$": "$.items[-3]"}), &json!({"items": [1, 2]}), &json!({"v": null}));
}

#[test]
fn a_path_that_finds_nothing_is_named_with_its_field_and_what_was_searched() {
    check_failure(
        &json!({"value.$": "$.no_such_jsonpath"}),
        &json!({"int-literal": 0}),
        "The JSONPath '$.no_such_jsonpath' specified for the field 'value.$' could not be found in \
         the input '{\"int-literal\":0}'",
    );
    check_failure(
        &json!({"a": [{"b.$": "$.items[5].x"}]}),
        &json!({"items": [1]}),
        "The JSONPath '$.items[5].x' specified for the field 'b.$' could not be found in the input \
         '{\"items\":[1]}'",
    );
    check_failure(
        &json!({"b.$": "$.n[0]"}),
        &json!({"n": 1}),
        "The JSONPath '$.n[0]' specified for the field 'b.$' could not be found in the input \
         '{\"n\":1}'",
    );
    check_failure(
        &json!({"ctx.$": "$$.Nope.Deep"}),
        &json!({}),
        "The JSONPath '$.Nope.Deep' specified for the field 'ctx.$' could not be found in the input \
         '{\"Execution\":{\"Id\":\"arn\",\"Input\":{\"FunctionInput\":\"a,b\"}},\"State\":{\"Name\":\"S\"}}'",
    );
    check_failure(
        &json!({"v.$": "$order.total"}),
        &json!({}),
        "The JSONPath '$order.total' specified for the field 'v.$' could not be found in the input \
         '{\"ids\":[1,2]}'",
    );
    check_failure(
        &json!({"v.$": "$none"}),
        &json!({}),
        "The JSONPath '$none' specified for the field 'v.$' failed: The variable 'none' has not been \
         assigned",
    );
    check_failure(
        &json!({"v.$": "States.MathAdd($.text, 1)"}),
        &json!({"text": "1"}),
        "The function 'States.MathAdd($.text, 1)' had the following error: Invalid arguments in \
         States.MathAdd",
    );
    assert_eq!(PayloadFailure::ERROR, "States.Runtime");
}

#[test]
fn values_stay_shallow_enough_to_be_handled() {
    let mut input = json!(1);
    for _ in 0..64 {
        input = json!([[[[input]]]]);
    }
    check(&json!({"v.$": "$[0][0]"}), &input, &json!({"v": input[0][0]}));
    check_failure(
        &json!({"v.$": "$"}),
        &input,
        "The value of the field 'Parameters' is nested too deep",
    );
    check_failure(
        &json!({"v.$": "States.Array($)"}),
        &input,
        "The value of the field 'v.$' is nested too deep",
    );
}

#[test]
fn single_fields_are_named_too() {
    let input = json!({"Error": "error-value"});
    let scope = Scope::new(&input, 0);
    let cause = Expression::parse("$.NoSuchCausePath").unwrap().evaluate("CausePath", &scope);
    assert_eq!(
        cause.unwrap_err().to_string(),
        "The JSONPath '$.NoSuchCausePath' specified for the field 'CausePath' could not be found in \
         the input '{\"Error\":\"error-value\"}'"
    );
    let path = |text: &str| Path::parse(text).unwrap().filter(&scope).map_err(|e| e.to_string());
    assert_eq!(*path("$.Error").unwrap(), "error-value");
    assert_eq!(
        path("$.NoSuchInputPath").unwrap_err(),
        "Invalid path '$.NoSuchInputPath' : No results for path: $['NoSuchInputPath']"
    );
    assert_eq!(
        path("$.no.such.result.path").unwrap_err(),
        "Invalid path '$.no.such.result.path' : Missing property in path $['no']"
    );
}

#[test]
fn every_field_that_aws_refuses_is_listed() {
    let template = json!({"a.$": "ipsum", "b": [{"c/d.$": 1}, {"e.$": "$.a b"}], "f.$": "$.f",
        "g.$": "States.StringToJson('{\"text\":\"An \\\"escaped\\\" quote\"}')"});
    let (kept, errors) = Template::compile_all(&template);
    let listed: Vec<_> = errors
        .iter()
        .map(|TemplateError { pointer, reason, .. }| {
            (pointer.as_str(), reason.as_ref().map(|reason| (reason.offset(), reason.to_string())))
        })
        .collect();
    let reason = |offset, text: &str| Some((offset, text.to_owned()));
    assert_eq!(
        listed,
        [
            ("/a.$", reason(0, "there is no intrinsic function named `ipsum`")),
            ("/b/0/c~1d.$", None),
            (
                "/b/1/e.$",
                reason(
                    2,
                    "Use bracket notion ['my prop'] if your property contains blank \
            characters. position: 2"
                )
            ),
            ("/g.$", reason(33, r"`\` may only stand before `'`, `{`, `}` and `\`")),
        ]
    );
    assert_eq!(
        errors[3].to_string(),
        "The value for the field 'g.$' must be a valid JSONPath or a valid intrinsic function call"
    );
    let texts: Vec<_> = kept.expressions().into_iter().map(Expression::text).collect();
    assert_eq!(texts, ["$.f"]);
}

#[test]
fn an_expression_lists_its_paths() {
    let paths = |text: &str| -> Vec<String> {
        let expression = Expression::parse(text).unwrap();
        expression.paths().into_iter().map(|path| path.text().to_owned()).collect()
    };
    assert_eq!(paths("$.a"), ["$.a"]);
    assert_eq!(paths("States.Array($.a, $v)"), ["$.a", "$v"]);
}
