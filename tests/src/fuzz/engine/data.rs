//! What random machines read and compute, in both query languages.

use crate::random::Random;
use serde_json::{Value, json};

/// An input with what the machines ask for.
pub(super) fn input(random: &mut Random) -> Value {
    json!({
        "a": random.below(4), "b": "text", "s": random.below(9), "yes": random.one_in(2), "n": null,
        "items": (0..random.below(5)).collect::<Vec<_>>(), "at": time(random), "o": {"a": [1, {"b": 2}]},
    })
}

/// A time about the one at which executions start.
pub(super) fn time(random: &mut Random) -> &'static str {
    random.pick(&[
        "2026-11-22T11:00:00Z",
        "2026-11-22T12:00:00Z",
        "2026-11-22T12:00:20.5Z",
        "2026-11-22T13:00:00+01:00",
    ])
}

/// What an expression may read besides the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sees {
    Input,
    Result,
    Error,
}

/// A field in JSONata: an expression, or JSON with some.
pub(super) fn jsonata(random: &mut Random, sees: Sees, variables: &[String]) -> Value {
    match random.below(8) {
        0 => {
            json!({"a": expression(random, sees, variables), "b": [1, expression(random, sees, variables)]})
        }
        1 => json!({"a": 1, "items": [1, 2, 3], "s": 2}),
        2 => json!(random.below(5)),
        _ => expression(random, sees, variables).into(),
    }
}

pub(super) fn expression(random: &mut Random, sees: Sees, variables: &[String]) -> String {
    if random.one_in(4)
        && let Some(name) = random.one_of(variables)
    {
        let name = name.clone();
        return match random.below(4) {
            0 => format!("{{% ${name} %}}"),
            1 => format!("{{% ${name} + 1 %}}"),
            2 => format!("{{% [${name}, $states.input] %}}"),
            _ => format!("{{% $string(${name}) & 'x' %}}"),
        };
    }
    let seen = match sees {
        Sees::Input => "$states.input",
        Sees::Result => "$states.result",
        Sees::Error => "$states.errorOutput",
    };
    let text = match random.below(20) {
        0 => "$states.input.a + 1",
        1 => "$states.input.items",
        2 => "$states.input.nothing",
        3 => "$pad('', 700, 'x')",
        4 => "$pad('', 3000, 'x')",
        5 => "$error('no')",
        6 => "[$random(), $uuid()]",
        7 => "$now()",
        8 => "$append([], $states.input)",
        9 => "$states.context.State.RetryCount",
        10 => "$states.context",
        11 => "$exists($states.input.a) ? $states.input.a : 0",
        12 => "{'a': $count($states.input.items), 'items': $states.input.items, 's': 1}",
        13 => "null",
        _ => return format!("{{% {seen} %}}"),
    };
    format!("{{% {text} %}}")
}

/// A condition in JSONata.
pub(super) fn condition(random: &mut Random, variables: &[String]) -> Value {
    if random.one_in(3)
        && let Some(name) = random.one_of(variables)
    {
        return format!("{{% $type(${name}) = 'number' and ${name} < 3 %}}").into();
    }
    random
        .pick(&[
            "{% true %}",
            "{% false %}",
            "{% $states.input.a = 1 %}",
            "{% $exists($states.input.a) %}",
            "{% $states.input %}",
            "{% $random() < 0.5 %}",
            "{% $states.input.a > 'x' %}",
        ])
        .into()
}

/// A path.
pub(super) fn path(random: &mut Random, variables: &[String]) -> String {
    if random.one_in(4)
        && let Some(name) = random.one_of(variables)
    {
        return format!("${name}");
    }
    random
        .pick(&[
            "$",
            "$",
            "$",
            "$.a",
            "$.items",
            "$.items[0]",
            "$.items[*]",
            "$.o.a[1].b",
            "$.nothing",
            "$$.State.Name",
            "$$.Execution.Input",
            "$..b",
            "$.n",
            "$.items[?(@ > 1)]",
            "$.items.length()",
        ])
        .to_owned()
}

/// A place that a result can be put into.
pub(super) fn place(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::Null,
        1 => "$".into(),
        2 => "$.a.b".into(),
        3 => "$.items[0]".into(),
        _ => "$.r".into(),
    }
}

/// A payload template in JSONPath mode.
pub(super) fn payload(random: &mut Random, variables: &[String]) -> Value {
    let call = random.pick(&[
        "States.Array($.a, 1)",
        "States.UUID()",
        "States.MathRandom(1, 9)",
        "States.Format('{} is {}', $.a, $.b)",
        "States.JsonToString($)",
        "States.ArrayGetItem($.items, 9)",
        "States.StringToJson($.b)",
        "States.ArrayRange(1, 900, 1)",
    ]);
    let (one, other) = (path(random, variables), path(random, variables));
    match random.below(4) {
        0 => json!({"a.$": one, "items": [1, 2], "s": 1}),
        1 => json!({"a.$": one, "o": {"b.$": other}}),
        2 => json!({"a": 1, "c.$": call}),
        _ => json!({"a": 1, "items.$": other, "b": "text"}),
    }
}

/// A rule of a Choice in JSONPath mode, without where it leads.
pub(super) fn test(random: &mut Random, variables: &[String], depth: usize) -> Value {
    if depth > 0 && random.one_in(3) {
        let (one, other) = (test(random, variables, depth - 1), test(random, variables, depth - 1));
        return match random.below(3) {
            0 => json!({"And": [one, other]}),
            1 => json!({"Or": [one, other]}),
            _ => json!({"Not": one}),
        };
    }
    let variable = path(random, variables);
    let (name, value) = match random.below(9) {
        0 => ("NumericEquals", json!(1)),
        1 => ("NumericLessThanPath", json!("$.s")),
        2 => ("StringMatches", json!("t*x\\*?")),
        3 => ("IsPresent", json!(random.one_in(2))),
        4 => ("IsNumeric", json!(true)),
        5 => ("BooleanEqualsPath", json!("$.yes")),
        6 => ("TimestampLessThanPath", json!("$.at")),
        7 => ("IsNull", json!(false)),
        _ => ("StringEquals", json!("text")),
    };
    json!({"Variable": variable, name: value})
}
