//! Expressions: their brackets, their syntax, and what of `$states` exists in their place.

use super::super::{
    Code, Diagnostic, Map, QueryLanguage, State, Template, WaitUntil, diagnostic::below, nearest,
};
use super::Site;
use crate::query::jsonata::{
    self, Expression, SyntaxError, TemplateError, function_names, is_function_name,
};
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

/// Every field of a state in JSONata that may hold expressions, in the order of printing.
pub(super) fn fields(state: &State) -> Vec<Field<'_>> {
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
            all.children(map);
        }
        State::Pass(_) | State::Succeed(_) => {}
    }
    let flow = state.flow();
    let sees = Sees { result: has_result, ..NOTHING };
    all.effects("", flow.assign.as_ref(), flow.output.as_ref(), sees);
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

    /// Adds what feeds and gathers the children of a distributed Map.
    fn children(&mut self, map: &'d Map) {
        if let Some(reader) = &map.item_reader {
            self.add("/ItemReader/Arguments", reader.arguments.as_ref(), NOTHING);
            let most = reader.config.as_ref().and_then(|config| config.max_items.as_ref());
            self.add("/ItemReader/ReaderConfig/MaxItems", most, NOTHING);
        }
        if let Some(batcher) = &map.item_batcher {
            let (items, bytes) =
                (batcher.max_items_per_batch.as_ref(), batcher.max_input_bytes_per_batch.as_ref());
            self.add("/ItemBatcher/BatchInput", batcher.batch_input.as_ref(), NOTHING);
            self.add("/ItemBatcher/MaxItemsPerBatch", items, NOTHING);
            self.add("/ItemBatcher/MaxInputBytesPerBatch", bytes, NOTHING);
        }
        if let Some(writer) = &map.result_writer {
            self.add("/ResultWriter/Arguments", writer.arguments.as_ref(), NOTHING);
        }
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

/// Checks the expressions of a state.
pub(super) fn check(site: Site<'_, '_>, found: &mut Vec<Diagnostic>) {
    if site.language == QueryLanguage::JsonPath {
        return;
    }
    for field in fields(site.state) {
        let (template, errors) = jsonata::Template::compile_all(field.template);
        let at = format!("{}{}", site.at, field.below);
        found.extend(errors.into_iter().map(|error| refused(error, &at)));
        for (below, expression) in template.expressions() {
            misplaced(expression, field.sees, &format!("{at}{below}"), found);
        }
        constants(field.template, &at, found);
    }
}

/// Finds what looks like an expression or a path, and is a constant.
fn constants(template: &Template, at: &str, found: &mut Vec<Diagnostic>) {
    match template {
        Template::String(text) => {
            let inner = text.trim();
            let is_whole = inner.starts_with("{%") && inner.ends_with("%}");
            if is_whole && !text.starts_with("{%") && !text.ends_with("%}") {
                let message = "with blanks around its brackets this is a constant text";
                let finding = Diagnostic::new(Code::OuterBlanks, at, message);
                found.push(finding.help("remove the blanks before `{%` and after `%}`"));
            }
        }
        Template::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                constants(item, &below(at, i), found);
            }
        }
        Template::Object(members) => {
            for (key, value) in members {
                let at = below(at, key);
                if key.ends_with(".$") {
                    let message = format!("in JSONata the key `{key}` is a name like any other");
                    let finding = Diagnostic::new(Code::DollarKey, at.as_str(), message);
                    found.push(finding.help("drop the ending and write the value as `{% .. %}`"));
                }
                constants(value, &at, found);
            }
        }
        _ => {}
    }
}

fn refused(error: TemplateError, at: &str) -> Diagnostic {
    let (below, error) = match error {
        TemplateError::Brackets { pointer } => {
            let message = "`{%` and `%}` must enclose the whole string";
            let help = "join text and values inside of the brackets: `{% 'a ' & $b %}`";
            return Diagnostic::new(Code::Brackets, format!("{at}{pointer}"), message).help(help);
        }
        TemplateError::Expression { pointer, error } => (pointer, error),
    };
    let (code, help, names) = match &error {
        SyntaxError::NewerOperator(operator) => {
            (Code::NewerOperator, "write `$exists($a) ? $a : b`", (*operator).to_owned())
        }
        SyntaxError::Eval => {
            (Code::Eval, "read data with `$parse`; code cannot be data", "$eval".to_owned())
        }
        SyntaxError::NoContext(name) => {
            let help = "begin with a variable, or with `$states.input` and its like";
            (Code::NoContext, help, name.clone())
        }
        other => (Code::Unparsable, "", other.to_string()),
    };
    let message = match &error {
        SyntaxError::Unparsable(text) => format!("the expression does not parse: {text}"),
        other => other.to_string(),
    };
    let finding = Diagnostic::new(code, format!("{at}{below}"), message).naming([names]);
    if help.is_empty() { finding } else { finding.help(help) }
}

/// Finds reads of what does not exist in this place.
fn misplaced(expression: &Expression, sees: Sees, at: &str, found: &mut Vec<Diagnostic>) {
    for path in expression.states_paths() {
        let path: Vec<_> = path.iter().map(String::as_str).collect();
        let (code, message, help) = match path.as_slice() {
            ["result", ..] if !sees.result => (
                Code::ResultMisplaced,
                "`$states.result` exists only in Assign and Output of Task, Parallel and Map",
                "read `$states.input`, or assign the result to a variable where it arises",
            ),
            ["errorOutput", ..] if !sees.error_output => (
                Code::ErrorOutputMisplaced,
                "`$states.errorOutput` exists only in Assign and Output of a catcher",
                "assign it to a variable in the catcher",
            ),
            ["context", "Map", "Item", ..] if !sees.item => (
                Code::ContextMisplaced,
                "`$states.context.Map.Item` exists only in ItemSelector",
                "hand it to the iteration through `ItemSelector`",
            ),
            ["context", "Task", "Token", ..] if !sees.token => (
                Code::ContextMisplaced,
                "`$states.context.Task.Token` exists only in Arguments of a Task",
                "the token is for whoever is called with it",
            ),
            ["input" | "result" | "errorOutput" | "context", ..] | [] => continue,
            [other, ..] => {
                let message = format!("`$states` has no field `{other}`");
                let finding = Diagnostic::new(Code::UnknownStatesField, at, message);
                let near = nearest(other, ["input", "result", "errorOutput", "context"]);
                found.push(match near {
                    Some(near) => finding.help(format!("did you mean `{near}`?")),
                    None => finding,
                });
                continue;
            }
        };
        found.push(Diagnostic::new(code, at, message).help(help));
    }
    for name in expression.functions() {
        if !is_function_name(name) {
            let finding = format!("there is no function `${name}`");
            let finding = Diagnostic::new(Code::UnknownFunction, at, finding);
            found.push(match nearest(name, function_names()) {
                Some(near) => finding.help(format!("did you mean `${near}`?")),
                None => finding,
            });
        }
    }
}
