//! A definition with its tasks bound to what runs them on AWS.
//!
//! The canonical definition names every task of this process as an activity, whose result and Cause
//! are the task's own JSON. A Lambda function wraps both: the result comes in `Payload`, the Cause
//! of a function's error is `{"errorType", "errorMessage", ..}` with our JSON as errorMessage. So a
//! binding to Lambda also changes the expressions that read them.

use crate::{
    asl::{Branch, Catcher, Definition, State, States, Task, Template},
    registry::Registry,
    workflow::Binding,
};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What runs the tasks whose own attribute leaves it open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tasks {
    /// Workers that poll an activity.
    #[default]
    Activity,
    /// A Lambda function for each task.
    Lambda,
}

/// The part of an ARN that an activity's name follows.
const ACTIVITY: &str = ":activity:";
/// Calls a Lambda function.
const INVOKE: &str = "arn:aws:states:::lambda:invoke";
/// How an expression reads the text of a caught error's cause.
const CAUSE: &str = "$states.errorOutput.Cause";
/// How it reads the result of a task.
const RESULT: &str = "$states.result";
/// The same of a function.
const PAYLOAD: &str = "$states.result.Payload";

/// Binds every task of a definition as the attributes of this program's tasks demand.
pub fn bind(definition: Definition, tasks: Tasks, registry: &Registry) -> Definition {
    let fixed =
        |task: &str| registry.task(task).map_or(Binding::Any, |task| task.descriptor.binding);
    // A child may run any of the tasks.
    let any = registry.tasks().any(|task| matches!(task.descriptor.binding, Binding::Lambda(_)));
    bind_to(definition, tasks, any, &fixed)
}

/// The same; `fixed` says what a task's own attribute demands, `any` whether some child's may demand
/// a function.
fn bind_to(
    mut definition: Definition,
    tasks: Tasks,
    any: bool,
    fixed: &dyn Fn(&str) -> Binding,
) -> Definition {
    let bound = bind_scope(&mut definition.states, &|resource: &str| {
        let (prefix, name) = resource.split_once(ACTIVITY)?;
        let prefix = prefix.replacen(":states:", ":lambda:", 1);
        match (fixed(name), tasks) {
            (Binding::Lambda(function), _) if function.starts_with("arn:") => {
                Some(function.to_owned())
            }
            (Binding::Lambda(function), _) => Some(format!("{prefix}:function:{function}")),
            (Binding::Any, Tasks::Lambda) => Some(format!("{prefix}:function:{name}")),
            (Binding::Activity, _) | (Binding::Any, Tasks::Activity) => None,
        }
    });
    if bound || any || tasks == Tasks::Lambda {
        bind_children(&mut definition.states);
    }
    definition
}

/// The Lambda function for a Resource, if it is to be one.
type Function<'f> = &'f dyn Fn(&str) -> Option<String>;

/// Binds the tasks of a scope; says whether any has become a Lambda function.
fn bind_scope(scope: &mut States, function: Function<'_>) -> bool {
    let mut any = false;
    for state in scope.states.values_mut() {
        let bound = match state {
            State::Task(task) => bind_task(task, function),
            State::Parallel(parallel) => {
                // Every branch is bound, whatever the others were.
                let bound = parallel.branches.iter_mut().map(|each| bind_branch(each, function));
                let bound = bound.fold(false, |any, each| any | each);
                if bound {
                    bind_catchers(&mut parallel.catch);
                }
                bound
            }
            State::Map(map) => {
                let bound = bind_branch(&mut map.processor, function);
                if bound {
                    bind_catchers(&mut map.catch);
                }
                bound
            }
            _ => false,
        };
        any |= bound;
    }
    any
}

/// A child that failed by a function has Lambda's cause, which its catcher keeps in a variable for
/// the Choice and the Fail that come next.
fn bind_children(scope: &mut States) {
    let mut keys = BTreeSet::new();
    for state in scope.states.values_mut() {
        match state {
            State::Task(task) if task.resource.contains(":states:startExecution") => {
                let assigned = task.catch.iter().flat_map(|catcher| &catcher.assign);
                let kept = assigned.flat_map(|assign| assign.keys());
                keys.extend(kept.map(|key| format!("${key}.Cause")));
            }
            State::Parallel(parallel) => {
                parallel.branches.iter_mut().for_each(|branch| bind_children(&mut branch.states));
            }
            State::Map(map) => bind_children(&mut map.processor.states),
            _ => {}
        }
    }
    let pieces: Vec<Replaced> = keys.iter().flat_map(|key| decoded(key)).collect();
    for state in scope.states.values_mut() {
        match state {
            State::Choice(choice) => {
                let default = choice.flow.assign.iter_mut();
                let rules = choice.choices.iter_mut().flat_map(|rule| &mut rule.assign);
                let assigned = default.chain(rules).flat_map(|assign| assign.values_mut());
                assigned.for_each(|template| replace(template, &pieces));
            }
            State::Fail(fail) => {
                fail.cause.iter_mut().for_each(|template| replace(template, &pieces));
            }
            State::Succeed(succeed) => {
                succeed.flow.output.iter_mut().for_each(|template| replace(template, &pieces));
            }
            _ => {}
        }
    }
}

fn bind_branch(branch: &mut Branch, function: Function<'_>) -> bool {
    bind_scope(&mut branch.states, function)
}

fn bind_task(task: &mut Task, function: Function<'_>) -> bool {
    let Some(function) = function(&task.resource) else { return false };
    let payload = task.arguments.take().unwrap_or_else(|| json!({}));
    task.arguments = Some(json!({"FunctionName": function, "Payload": payload}));
    INVOKE.clone_into(&mut task.resource);
    let payload = vec![(RESULT.to_owned(), PAYLOAD.to_owned())];
    for template in task.flow.assign.iter_mut().flat_map(|assign| assign.values_mut()) {
        replace(template, &payload);
    }
    match &mut task.flow.output {
        Some(output) => replace(output, &payload),
        none => *none = Some(Value::from(format!("{{% {PAYLOAD} %}}"))),
    }
    bind_catchers(&mut task.catch);
    true
}

/// Expressions that read a cause, with those that read it where it may be Lambda's or our own.
/// Lambda's begins with one of its keys, which none of our errors is called.
fn decoded(cause: &str) -> Vec<Replaced> {
    let is_lambda = format!("$contains({cause}, /^\\{{\\s*\"error(Type|Message)\"/)");
    let message = format!("$parse({cause}).errorMessage");
    vec![
        (format!("$parse({cause})"), format!("$parse({is_lambda} ? {message} : {cause})")),
        (cause.to_owned(), format!("({is_lambda} ? {message} : {cause})")),
    ]
}

fn bind_catchers(catchers: &mut [Catcher]) {
    for catcher in catchers {
        let assigned = catcher.assign.iter_mut().flat_map(|assign| assign.values_mut());
        for template in assigned.chain(&mut catcher.output) {
            replace(template, &decoded(CAUSE));
        }
    }
}

/// A piece of an expression, and what stands in its place.
type Replaced = (String, String);

/// Replaces pieces in the expressions of a template, outside of their string literals and not in
/// the middle of a name.
fn replace(template: &mut Template, pieces: &[Replaced]) {
    match template {
        Value::String(text) if text.starts_with("{%") => *text = replaced(text, pieces),
        Value::Array(items) => items.iter_mut().for_each(|item| replace(item, pieces)),
        Value::Object(map) => map.values_mut().for_each(|item| replace(item, pieces)),
        _ => {}
    }
}

fn replaced(text: &str, pieces: &[Replaced]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let taken = if matches!(c, '"' | '\'' | '`') {
            literal(rest, c)
        } else if let Some((after, to)) = pieces.iter().find_map(|(from, to)| {
            let after = rest.strip_prefix(from.as_str())?;
            let ends = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
            ends.then_some((after, to))
        }) {
            out.push_str(to);
            rest = after;
            continue;
        } else {
            c.len_utf8()
        };
        let (done, left) = rest.split_at(taken);
        out.push_str(done);
        rest = left;
    }
    out
}

/// The length of the literal that `text` begins with, its quotes included.
fn literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    let end = text.char_indices().skip(1).find(|(_, c)| {
        let ends = *c == quote && !escaped;
        // a name between backticks has no escapes
        escaped = *c == '\\' && !escaped && quote != '`';
        ends
    });
    end.map_or(text.len(), |(at, _)| at + quote.len_utf8())
}

#[cfg(test)]
mod tests {
    use super::{Tasks, bind_to, replaced};
    use crate::{asl::Definition, workflow::Binding};

    fn order() -> Definition {
        Definition::parse(include_str!("tests/order.asl.json")).0.unwrap()
    }

    #[test]
    fn an_activity_binding_changes_nothing() {
        assert_eq!(bind_to(order(), Tasks::Activity, false, &|_| Binding::Any), order());
        assert_eq!(bind_to(order(), Tasks::Lambda, false, &|_| Binding::Activity), order());
    }

    #[test]
    fn a_lambda_binding_unwraps_results_and_causes() {
        let bound = bind_to(order(), Tasks::Lambda, false, &|_| Binding::Any);
        assert_eq!(bound.validate(), []);
        assert_eq!(bound.to_text(), include_str!("tests/order-lambda.asl.json"));
    }

    #[test]
    fn an_attribute_decides_before_the_host() {
        let fixed = |task: &str| match task {
            "reserve" => Binding::Lambda("stock"),
            "label" => Binding::Lambda("arn:aws:lambda:eu-west-1:1:function:label"),
            _ => Binding::Any,
        };
        let bound = bind_to(order(), Tasks::Activity, true, &fixed).to_text();
        let functions: Vec<_> =
            bound.lines().filter(|line| line.contains("FunctionName")).map(str::trim).collect();
        assert_eq!(
            functions,
            [
                "\"FunctionName\": \"arn:aws:lambda:us-east-1:123456789012:function:stock\",",
                "\"FunctionName\": \"arn:aws:lambda:eu-west-1:1:function:label\",",
            ]
        );
    }

    #[test]
    fn literals_and_longer_names_are_left_alone() {
        let to = |text| replaced(text, &[("$states.result".to_owned(), "R".to_owned())]);
        assert_eq!(to("$states.result.x & '$states.result'"), "R.x & '$states.result'");
        assert_eq!(
            to(r#""a\"$states.result" & $states.results"#),
            r#""a\"$states.result" & $states.results"#
        );
        assert_eq!(to("[$states.result]"), "[R]");
        assert_eq!(to(r"$a.`\` & $states.result"), r"$a.`\` & R");
    }
}
