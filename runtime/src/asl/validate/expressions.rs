//! Expressions: their brackets, their syntax, and what of `$states` exists in their place.

use super::super::{
    Code, Diagnostic, QueryLanguage, State, States, Template, WaitUntil, diagnostic::below,
};
use super::state_pointer;
use crate::query::jsonata::{self, Expression, SyntaxError, TemplateError, is_function_name};
use indexmap::IndexMap;

/// What of `$states` and the context exists in a field, beyond what exists everywhere.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sees {
    result: bool,
    error_output: bool,
    item: bool,
    token: bool,
}

/// A field that may hold expressions.
pub(super) struct Field<'d> {
    /// Its JSON pointer below the state.
    pub(super) below: String,
    /// Its value.
    pub(super) template: &'d Template,
    /// What it may read.
    pub(super) sees: Sees,
}

const NOTHING: Sees = Sees { result: false, error_output: false, item: false, token: false };

/// Every field of a state that may hold expressions, in the order of printing. A state in JSONPath
/// has none.
pub(super) fn fields(state: &State, machine: QueryLanguage) -> Vec<Field<'_>> {
    if state.query_language(machine) == QueryLanguage::JsonPath {
        return Vec::new();
    }
    let mut all = Fields(Vec::new());
    let has_result = matches!(state, State::Task(_) | State::Parallel(_) | State::Map(_));
    match state {
        State::Task(task) => {
            all.add("/Arguments", task.arguments.as_ref(), Sees { token: true, ..NOTHING });
            all.add("/Credentials", task.credentials.as_ref(), NOTHING);
            all.add("/TimeoutSeconds", task.timeout_seconds.as_ref(), NOTHING);
            all.add("/HeartbeatSeconds", task.heartbeat_seconds.as_ref(), NOTHING);
        }
        State::Choice(choice) => {
            for (i, rule) in choice.choices.iter().enumerate() {
                let at = format!("/Choices/{i}");
                all.add(&format!("{at}/Condition"), rule.condition.expression(), NOTHING);
                all.effects(&at, rule.assign.as_ref(), rule.output.as_ref(), NOTHING);
            }
        }
        State::Wait(wait) => match &wait.until {
            WaitUntil::Seconds(seconds) => all.add("/Seconds", Some(seconds), NOTHING),
            WaitUntil::Timestamp(time) => all.add("/Timestamp", Some(time), NOTHING),
            WaitUntil::SecondsPath(_) | WaitUntil::TimestampPath(_) => {}
        },
        State::Fail(fail) => {
            all.add("/Error", fail.error.as_ref(), NOTHING);
            all.add("/Cause", fail.cause.as_ref(), NOTHING);
        }
        State::Parallel(parallel) => all.add("/Arguments", parallel.arguments.as_ref(), NOTHING),
        State::Map(map) => {
            let item = Sees { item: true, ..NOTHING };
            all.add("/Items", map.items.as_ref(), NOTHING);
            all.add("/ItemSelector", map.item_selector.as_ref(), item);
            all.add("/MaxConcurrency", map.max_concurrency.as_ref(), NOTHING);
            all.add("/ToleratedFailureCount", map.tolerated_failure_count.as_ref(), NOTHING);
            let percentage = map.tolerated_failure_percentage.as_ref();
            all.add("/ToleratedFailurePercentage", percentage, NOTHING);
        }
        State::Pass(_) | State::Succeed(_) => {}
    }
    let common = state.common();
    let sees = Sees { result: has_result, ..NOTHING };
    all.effects("", common.assign.as_ref(), common.output.as_ref(), sees);
    for (i, catcher) in state.catch().iter().enumerate() {
        let sees = Sees { error_output: true, ..NOTHING };
        let at = format!("/Catch/{i}");
        all.effects(&at, catcher.assign.as_ref(), catcher.output.as_ref(), sees);
    }
    all.0
}

struct Fields<'d>(Vec<Field<'d>>);

impl<'d> Fields<'d> {
    fn add(&mut self, at: &str, template: Option<&'d Template>, sees: Sees) {
        let field = template.map(|template| Field { below: at.to_owned(), template, sees });
        self.0.extend(field);
    }

    fn effects(
        &mut self,
        at: &str,
        assign: Option<&'d IndexMap<String, Template>>,
        output: Option<&'d Template>,
        sees: Sees,
    ) {
        for (name, template) in assign.into_iter().flatten() {
            self.add(&below(&format!("{at}/Assign"), name), Some(template), sees);
        }
        self.add(&format!("{at}/Output"), output, sees);
    }
}

/// Checks the expressions of one scope.
pub(super) fn check(
    scope: &States,
    pointer: &str,
    machine: QueryLanguage,
    found: &mut Vec<Diagnostic>,
) {
    for (name, state) in &scope.states {
        let at = state_pointer(pointer, name);
        for field in fields(state, machine) {
            let (template, errors) = jsonata::Template::compile_all(field.template);
            let at = format!("{at}{}", field.below);
            found.extend(errors.into_iter().map(|error| refused(error, &at)));
            for (below, expression) in template.expressions() {
                misplaced(expression, field.sees, &format!("{at}{below}"), found);
            }
        }
    }
}

fn refused(error: TemplateError, at: &str) -> Diagnostic {
    let (below, code, message, help) = match error {
        TemplateError::Brackets { pointer } => (
            pointer,
            Code::Brackets,
            "`{%` and `%}` must enclose the whole string".to_owned(),
            Some("join text and values inside of the brackets: `{% 'a ' & $b %}`"),
        ),
        TemplateError::Expression { pointer, error } => {
            let (code, help) = match &error {
                SyntaxError::NewerOperator(_) => {
                    (Code::NewerOperator, Some("write `$exists($a) ? $a : b`"))
                }
                SyntaxError::Eval => (Code::Eval, None),
                SyntaxError::NoContext(_) => (
                    Code::NoContext,
                    Some("begin with a variable, or with `$states.input` and its like"),
                ),
                _ => (Code::Unparsable, None),
            };
            let message = match &error {
                SyntaxError::Unparsable(text) => format!("the expression does not parse: {text}"),
                other => other.to_string(),
            };
            (pointer, code, message, help)
        }
    };
    let diagnostic = Diagnostic::new(code, format!("{at}{below}"), message);
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

/// Finds reads of what does not exist in this place.
fn misplaced(expression: &Expression, sees: Sees, at: &str, found: &mut Vec<Diagnostic>) {
    for path in expression.states_paths() {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let (code, message) = match path.as_slice() {
            ["result", ..] if !sees.result => (
                Code::ResultMisplaced,
                "`$states.result` exists only in Assign and Output of Task, Parallel and Map"
                    .to_owned(),
            ),
            ["errorOutput", ..] if !sees.error_output => (
                Code::ErrorOutputMisplaced,
                "`$states.errorOutput` exists only in a catcher".to_owned(),
            ),
            ["context", "Map", "Item", ..] if !sees.item => (
                Code::ContextMisplaced,
                "`$states.context.Map.Item` exists only in ItemSelector".to_owned(),
            ),
            ["context", "Task", "Token", ..] if !sees.token => (
                Code::ContextMisplaced,
                "`$states.context.Task.Token` exists only in Arguments of a Task".to_owned(),
            ),
            ["input" | "result" | "errorOutput" | "context", ..] | [] => continue,
            [other, ..] => (Code::UnknownStatesField, format!("`$states` has no field `{other}`")),
        };
        found.push(Diagnostic::new(code, at, message));
    }
    for name in expression.functions() {
        if !is_function_name(name) {
            let message = format!("there is no function `${name}`");
            found.push(Diagnostic::new(Code::UnknownFunction, at, message));
        }
    }
}
