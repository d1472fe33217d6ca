//! One machine for each rule that it breaks.

use super::{findings, machine};
use serde_json::{Value, json};

/// The findings of all cases, one below the other.
pub(super) fn all_findings() -> String {
    cases().iter().map(|(states, _)| findings(&machine(states))).collect()
}

#[test]
fn each_broken_rule_is_found_and_nothing_else() {
    let mut wrong = String::new();
    for (states, expected) in cases() {
        let text = machine(&states);
        let found: Vec<_> = findings(&text)
            .lines()
            // The place in the text is tested elsewhere.
            .map(|line| {
                let at = line.find("error[").or_else(|| line.find("warning[")).unwrap_or(0);
                line[at..].to_owned()
            })
            .collect();
        let found = found.join("\n");
        if found != expected {
            wrong += &[&text, "found", &found, "expected", expected, "", ""].join("\n");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A Task with more fields, followed by the end.
fn task(more: &Value) -> Value {
    let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke"});
    let fields = task.as_object_mut().unwrap();
    fields.extend(more.as_object().unwrap().clone());
    if !fields.contains_key("Next") {
        fields.insert("End".to_owned(), json!(true));
    }
    json!({"A": task})
}

/// A Pass that ends with an Output, after an Assign of `x` if asked.
fn output(expression: &str) -> Value {
    json!({"A": {"Type": "Pass", "Assign": {"x": 1}, "Next": "B"},
        "B": {"Type": "Succeed", "Output": format!("{{% {expression} %}}")}})
}

/// A Parallel with one branch of these states.
fn parallel(inner: &Value) -> Value {
    let first = inner.as_object().unwrap().keys().next().unwrap();
    json!({"P": {"Type": "Parallel", "End": true,
        "Branches": [{"StartAt": first, "States": inner}]}})
}

fn cases() -> Vec<(Value, &'static str)> {
    let mut all = fields();
    all.extend(constants());
    all.extend(graph());
    all.extend(variables());
    all.extend(expressions());
    all.extend(errors());
    all
}

fn fields() -> Vec<(Value, &'static str)> {
    vec![
        (json!({"A": {"Type": "Succeed"}}), ""),
        (json!({"A": 1}), "error[A0103] /States/A: a state is an object, not a number"),
        (
            json!({"A": {"Type": "Pass"}}),
            "error[A0110] /States/A: the state has neither `Next` nor `End` (help: add `\"End\": true` or the name of the next state)",
        ),
        (
            json!({"A": {"Type": "Pass", "Next": "B", "End": true}, "B": {"Type": "Succeed"}}),
            "error[A0110] /States/A/End: the state has both `Next` and `End` (help: keep `Next` to go on, `End` to stop here)",
        ),
        (
            json!({"A": {"Type": "Pas", "End": true}}),
            "error[A0109] /States/A/Type: there is no state type `Pas` (help: it is one of Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map)",
        ),
        (json!({"A": {"End": true}}), "error[A0104] /States/A: a state needs `Type`"),
        (
            json!({"A": {"Type": "Task", "End": true}}),
            "error[A0104] /States/A: a Task state needs `Resource`",
        ),
        (
            json!({"A": {"Type": "Succeed", "Assign": {"x": 1}}}),
            "error[A0105] /States/A/Assign: a Succeed state has no field `Assign`",
        ),
        (
            json!({"A": {"Type": "Pass", "Retry": [], "Endd": true, "End": true}}),
            "error[A0105] /States/A/Retry: a Pass state has no field `Retry`\n\
             error[A0105] /States/A/Endd: a Pass state has no field `Endd` (help: did you mean `End`?)",
        ),
        (
            task(&json!({"Parameters": {}})),
            "error[A0106] /States/A/Parameters: `Parameters` is a field of JSONPath (help: in JSONata there are `Arguments`, `Assign` and `Output`)",
        ),
    ]
}

fn constants() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"A": {"Type": "Wait", "Seconds": 1, "Timestamp": "2026-01-31T12:00:00Z", "End": true}}),
            "error[A0110] /States/A: a Wait state needs one of `Seconds` and `Timestamp`, not several",
        ),
        (
            json!({"A": {"Type": "Wait", "Timestamp": "tomorrow", "End": true}}),
            "error[A0405] /States/A/Timestamp: `Timestamp` is an RFC 3339 timestamp with a zone, or an expression (help: for example `2026-01-31T12:00:00Z`)",
        ),
        (
            json!({"A": {"Type": "Wait", "Seconds": -1, "End": true}}),
            "error[A0403] /States/A/Seconds: `Seconds` is a number from 0 to 99999999, or an expression",
        ),
        (
            task(&json!({"Resource": "{% $x %}"})),
            "error[A0401] /States/A/Resource: `{% $x %}` is not an ARN (help: a Resource is a constant; what varies goes into `Arguments`)",
        ),
        (
            task(&json!({"Resource": "arn:aws:states:::aws-sdk:s3:listBuckets"})),
            "error[A0104] /States/A/Resource: a call of an AWS API needs `Arguments` (help: write `{}` for none)",
        ),
        (
            task(&json!({"TimeoutSeconds": 10, "HeartbeatSeconds": 10})),
            "error[A0402] /States/A/HeartbeatSeconds: the heartbeat of 10 s is not shorter than the timeout of 10 s",
        ),
        (
            json!({"A": {"Type": "Choice", "Choices": [{"Condition": "yes", "Next": "B"}]},
                "B": {"Type": "Succeed"}}),
            "error[A0404] /States/A/Choices/0/Condition: a condition is a boolean or an expression",
        ),
        (
            json!({"A": {"Type": "Map", "Items": {"a": 1}, "MaxConcurrency": -1, "End": true,
                "ItemReader": {}, "ItemProcessor": {"QueryLanguage": "JSONata",
                "ProcessorConfig": {"Mode": "DISTRIBUTED"},
                "StartAt": "B", "States": {"B": {"Type": "Succeed"}}}}}),
            "error[A0406] /States/A/Items: `Items` is an array or an expression\n\
             error[A0403] /States/A/MaxConcurrency: `MaxConcurrency` is a number from 0 to 4294967295, or an expression\n\
             error[A0104] /States/A/ItemReader: `ItemReader` needs `Resource`\n\
             error[A0407] /States/A/ItemProcessor/QueryLanguage: an ItemProcessor has no QueryLanguage of its own",
        ),
    ]
}

fn graph() -> Vec<(Value, &'static str)> {
    vec![
        (
            json!({"A": {"Type": "Pass", "Next": "B"}}),
            "error[A0201] /States/A/Next: there is no state `B` in this scope (help: did you mean `A`?)",
        ),
        (
            json!({"A": {"Type": "Succeed"}, "B": {"Type": "Succeed"}}),
            "error[A0202] /States/B: no transition leads to the state `B` (help: remove it, or name it in a Next)",
        ),
        (
            json!({"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}),
            "error[A0203] /States: no state that ends this scope can be reached (help: add a Succeed or Fail state, or `\"End\": true`)",
        ),
        (
            json!({"A": {"Type": "Choice", "Choices": [], "Default": "B"}, "B": {"Type": "Succeed"}}),
            "error[A0204] /States/A/Choices: `Choices` needs at least one entry",
        ),
        (
            json!({"A123456789B123456789C123456789D123456789E123456789F123456789G123456789H123456789I": {"Type": "Succeed"}}),
            "error[A0205] /States/A123456789B123456789C123456789D123456789E123456789F123456789G123456789H123456789I: the name of a state has at most 80 characters, this one 81",
        ),
        (
            parallel(&json!({"P": {"Type": "Succeed"}})),
            "error[A0206] /States/P/Branches/0/States/P: the machine has another state `P`, at /States/P (help: names are unique over all branches and processors)",
        ),
        (
            parallel(&json!({"Q": {"Type": "Pass", "Next": "P"}, "R": {"Type": "Succeed"}})),
            "error[A0201] /States/P/Branches/0/States/Q/Next: there is no state `P` in this scope (help: did you mean `Q`?)",
        ),
    ]
}

fn variables() -> Vec<(Value, &'static str)> {
    let assigning = |name: &str| json!({"A": {"Type": "Pass", "Assign": {name: 1}, "End": true}});
    let twice = json!({
        "A": {"Type": "Choice", "Default": "C",
            "Choices": [{"Condition": "{% $states.input.a %}", "Assign": {"v": 1}, "Next": "B"}]},
        "B": {"Type": "Pass", "Output": "{% $v %}", "Assign": {"w": 1}, "Next": "D"},
        "C": {"Type": "Pass", "Assign": {"v": 2}, "Next": "D"},
        "D": {"Type": "Pass", "Output": {"v": "{% $v %}", "w": "{% $w %}"}, "Next": "E"},
        "E": {"Type": "Pass", "Output": "{% $exists($w) and $exists($w.a) ? $w : 0 %}", "End": true}});
    let mut shadowing = parallel(&json!({
        "Q": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "R"},
        "R": {"Type": "Pass", "Output": "{% $x + $y %}", "End": true}}));
    shadowing["P"]["Assign"] = json!({"x": 3, "z": "{% $y %}"});
    vec![
        (assigning("täglich_1"), ""),
        (
            assigning("x.y"),
            "error[A0301] /States/A/Assign/x.y: `x.y` is not the name of a variable (help: a letter, then letters, digits and `_`, at most 80; only whole variables)",
        ),
        (
            assigning("_x"),
            "error[A0301] /States/A/Assign/_x: `_x` is not the name of a variable (help: a letter, then letters, digits and `_`, at most 80; only whole variables)",
        ),
        (
            assigning("states"),
            "error[A0302] /States/A/Assign/states: a variable must not be named `states`",
        ),
        (
            assigning("count"),
            "warning[A0303] /States/A/Assign/count: the variable `count` hides the function `$count` (help: rename the variable)",
        ),
        (
            twice,
            "warning[A0306] /States/D/Output/w: not every path here assigns the variable `w` (help: assign it earlier, or ask `$exists($w)`)",
        ),
        (
            shadowing,
            "error[A0304] /States/P/Branches/0/States/Q/Assign/x: an outer scope assigns the variable `x` too (help: an inner scope cannot write it; give the inner one a name of its own)\n\
             warning[A0305] /States/P/Assign/z: no path here assigns the variable `y`",
        ),
        (
            // A loop: the variable is set before it is read on every way round.
            json!({"A": {"Type": "Pass", "Assign": {"i": 0}, "Next": "B"},
                "B": {"Type": "Choice", "Default": "D",
                    "Choices": [{"Condition": "{% $i < 3 %}", "Next": "C"}]},
                "C": {"Type": "Pass", "Assign": {"i": "{% $i + 1 %}"}, "Next": "B"},
                "D": {"Type": "Succeed", "Output": "{% $i %}"}}),
            "",
        ),
        (
            // A catcher's variables: those of the failed state are not set.
            json!({"A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                    "Assign": {"r": "{% $states.result %}"}, "Next": "B",
                    "Catch": [{"ErrorEquals": ["E"], "Assign": {"e": "{% $states.errorOutput %}"}, "Next": "C"}]},
                "B": {"Type": "Succeed", "Output": "{% $r %}"},
                "C": {"Type": "Fail", "Error": "{% $e.Error %}", "Cause": "{% $r %}"}}),
            "warning[A0305] /States/C/Cause: no path here assigns the variable `r`",
        ),
    ]
}

fn expressions() -> Vec<(Value, &'static str)> {
    vec![
        (output("$x + 1"), ""),
        (
            json!({"A": {"Type": "Succeed", "Output": {"a": ["{% 1", "is {% 1 %}"]}}}),
            "error[A0501] /States/A/Output/a/0: `{%` and `%}` must enclose the whole string (help: join text and values inside of the brackets: `{% 'a ' & $b %}`)\n\
             error[A0501] /States/A/Output/a/1: `{%` and `%}` must enclose the whole string (help: join text and values inside of the brackets: `{% 'a ' & $b %}`)",
        ),
        (
            output("$x +"),
            "error[A0502] /States/B/Output: the expression does not parse: S0207: Unexpected end of expression",
        ),
        (
            output("$x ?: 1"),
            "error[A0503] /States/B/Output: the operator `?:` is not part of JSONata 2.0.6 (help: write `$exists($a) ? $a : b`)",
        ),
        (
            output("$eval('1')"),
            "error[A0504] /States/B/Output: the function `$eval` is not supported",
        ),
        (
            output("$.a + b"),
            "error[A0505] /States/B/Output: `$` has nothing to refer to at the top of an expression (help: begin with a variable, or with `$states.input` and its like)\n\
             error[A0505] /States/B/Output: `b` has nothing to refer to at the top of an expression (help: begin with a variable, or with `$states.input` and its like)",
        ),
        (
            output("$states.result.x"),
            "error[A0506] /States/B/Output: `$states.result` exists only in Assign and Output of Task, Parallel and Map",
        ),
        (
            task(&json!({"Output": "{% $states.errorOutput %}"})),
            "error[A0507] /States/A/Output: `$states.errorOutput` exists only in a catcher",
        ),
        (
            task(&json!({"Arguments": {"t": "{% $states.context.Task.Token %}"},
                "Output": "{% $states.context.Task.Token %}"})),
            "error[A0508] /States/A/Output: `$states.context.Task.Token` exists only in Arguments of a Task",
        ),
        (
            output("$states.context.Map.Item.Value"),
            "error[A0508] /States/B/Output: `$states.context.Map.Item` exists only in ItemSelector",
        ),
        (output("$summe([1])"), "warning[A0509] /States/B/Output: there is no function `$summe`"),
        (
            output("$states.inputs"),
            "warning[A0510] /States/B/Output: `$states` has no field `inputs`",
        ),
    ]
}

fn errors() -> Vec<(Value, &'static str)> {
    let retry = |retry: Value| task(&json!({"Retry": retry}));
    vec![
        (retry(json!([{"ErrorEquals": ["A"]}, {"ErrorEquals": ["States.ALL"]}])), ""),
        (
            retry(json!([{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}])),
            "error[A0601] /States/A/Retry/0/ErrorEquals: `States.ALL` must be the only name of the last entry (help: what follows would never be reached)",
        ),
        (
            retry(json!([{"ErrorEquals": ["A", "States.ALL"]}])),
            "error[A0601] /States/A/Retry/0/ErrorEquals: `States.ALL` must be the only name of the last entry (help: what follows would never be reached)",
        ),
        (
            retry(json!([{"ErrorEquals": ["States.Al"]}, {"ErrorEquals": []}])),
            "warning[A0602] /States/A/Retry/0/ErrorEquals/0: the language has no error `States.Al` (help: names of your own must not begin with `States.`)\n\
             error[A0204] /States/A/Retry/1/ErrorEquals: `ErrorEquals` needs at least one error name",
        ),
        (
            retry(json!([{"ErrorEquals": ["A"], "IntervalSeconds": 0, "BackoffRate": 0.5,
                "MaxDelaySeconds": 1, "JitterStrategy": "SOME"}])),
            "error[A0603] /States/A/Retry/0/IntervalSeconds: `IntervalSeconds` is at least 1\n\
             error[A0603] /States/A/Retry/0/BackoffRate: `BackoffRate` is at least 1.0\n\
             error[A0603] /States/A/Retry/0/JitterStrategy: `JitterStrategy` is `FULL` or `NONE`, not `SOME`",
        ),
        (
            retry(json!([{"ErrorEquals": ["A"], "MaxAttempts": -1}])),
            "error[A0103] /States/A/Retry/0/MaxAttempts: `MaxAttempts` is a whole number of at least 0, not a number",
        ),
    ]
}
