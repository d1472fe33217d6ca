//! [`Definition`] to canonical JSON: always the same text, its keys in the order people read them.

mod fields;

use super::{
    Branch, Catcher, ChoiceRule, Comparison, Condition, Definition, Flow, MaybePath, Operand,
    QueryLanguage, Retrier, State, States, Template, Test,
};
use fields::own_fields;
use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

impl Definition {
    /// The definition as JSON.
    pub fn to_json(&self) -> Value {
        let mut object = Object::default();
        object.put("Comment", self.comment.as_deref());
        object.put("QueryLanguage", Some(language(self.query_language)));
        object.put("Version", self.version.as_deref());
        object.put("TimeoutSeconds", self.timeout_seconds.clone());
        object.scope(&self.states);
        object.done()
    }

    /// The definition as indented text that ends with a newline.
    pub fn to_text(&self) -> String {
        format!("{:#}\n", self.to_json())
    }
}

/// An object whose absent fields are left out.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
    }

    fn list<T>(&mut self, name: &str, items: &[T], print: impl Fn(&T) -> Value) {
        if !items.is_empty() {
            self.put(name, Some(items.iter().map(print).collect::<Vec<_>>()));
        }
    }

    fn templates(&mut self, name: &str, templates: Option<&IndexMap<String, Template>>) {
        let object = templates.map(|templates| {
            templates.iter().map(|(k, v)| (k.clone(), v.clone())).collect::<Map<_, _>>()
        });
        self.put(name, object);
    }

    fn scope(&mut self, states: &States) {
        self.put("StartAt", Some(states.start_at.as_str()));
        let states: Map<_, _> =
            states.states.iter().map(|(name, state)| (name.clone(), print_state(state))).collect();
        self.put("States", Some(states));
    }

    fn path(&mut self, name: &str, path: Option<&MaybePath>) {
        self.put(
            name,
            path.map(|path| match path {
                MaybePath::Null => Value::Null,
                MaybePath::Path(path) => path.as_str().into(),
            }),
        );
    }

    /// Assign and Output.
    fn effects(&mut self, assign: Option<&IndexMap<String, Template>>, output: Option<&Template>) {
        self.templates("Assign", assign);
        self.put("Output", output.cloned());
    }

    fn handlers(&mut self, retry: &[Retrier], catch: &[Catcher]) {
        self.list("Retry", retry, print_retrier);
        self.list("Catch", catch, print_catcher);
    }

    fn transition(&mut self, flow: &Flow) {
        match &flow.next {
            Some(next) => self.put("Next", Some(next.as_str())),
            None => self.put("End", Some(true)),
        }
    }

    fn done(self) -> Value {
        Value::Object(self.0)
    }
}

fn language(language: QueryLanguage) -> &'static str {
    match language {
        QueryLanguage::JsonPath => "JSONPath",
        QueryLanguage::Jsonata => "JSONata",
    }
}

pub(super) fn print_state(state: &State) -> Value {
    let flow = state.flow();
    let mut object = Object::default();
    object.put("Type", Some(state.kind()));
    object.put("Comment", flow.comment.as_deref());
    object.put("QueryLanguage", flow.query_language.map(language));
    object.path("InputPath", flow.paths.input_path.as_ref());
    own_fields(&mut object, state);
    object.effects(flow.assign.as_ref(), flow.output.as_ref());
    object.put("ResultSelector", flow.paths.result_selector.clone());
    object.path("ResultPath", flow.paths.result_path.as_ref());
    object.path("OutputPath", flow.paths.output_path.as_ref());
    object.handlers(state.retry(), state.catch());
    if !matches!(state, State::Choice(_) | State::Succeed(_) | State::Fail(_)) {
        object.transition(flow);
    }
    object.done()
}

fn print_branch(branch: &Branch) -> Value {
    let mut object = Object::default();
    object.put("Comment", branch.comment.as_deref());
    if let Some(config) = &branch.config {
        let mut inner = Object::default();
        inner.put("Mode", config.mode.as_deref());
        inner.put("ExecutionType", config.execution_type.as_deref());
        object.put("ProcessorConfig", Some(inner.done()));
    }
    object.scope(&branch.states);
    object.done()
}

fn print_rule(rule: &ChoiceRule) -> Value {
    let mut object = Object::default();
    object.put("Comment", rule.comment.as_deref());
    match &rule.condition {
        Condition::Jsonata(condition) => object.put("Condition", Some(condition.clone())),
        Condition::Test(test) => put_test(&mut object, test),
    }
    object.effects(rule.assign.as_ref(), rule.output.as_ref());
    object.put("Next", Some(rule.next.as_str()));
    object.done()
}

fn put_test(object: &mut Object, test: &Test) {
    let print = |test: &Test| {
        let mut object = Object::default();
        put_test(&mut object, test);
        object.done()
    };
    match test {
        Test::And(tests) => object.put("And", Some(tests.iter().map(print).collect::<Vec<_>>())),
        Test::Or(tests) => object.put("Or", Some(tests.iter().map(print).collect::<Vec<_>>())),
        Test::Not(test) => object.put("Not", Some(print(test))),
        Test::Compare(comparison) => {
            let Comparison { variable, operator: _, operand } = comparison;
            object.put("Variable", Some(variable.as_str()));
            let operand = match operand {
                Operand::Value(value) => value.clone(),
                Operand::Path(path) => path.as_str().into(),
            };
            object.put(&comparison.field(), Some(operand));
        }
    }
}

fn print_retrier(retrier: &Retrier) -> Value {
    let mut object = Object::default();
    object.put("Comment", retrier.comment.as_deref());
    object.put("ErrorEquals", Some(retrier.error_equals.clone()));
    object.put("IntervalSeconds", retrier.interval_seconds);
    object.put("MaxAttempts", retrier.max_attempts);
    object.put("BackoffRate", retrier.backoff_rate.map(number));
    object.put("MaxDelaySeconds", retrier.max_delay_seconds);
    object.put("JitterStrategy", retrier.jitter_strategy.as_deref());
    object.done()
}

/// A whole number without a fraction: `2`, not `2.0`.
fn number(n: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "compared with the original")]
    let whole = n as i64;
    #[expect(clippy::cast_precision_loss, reason = "compared with the original")]
    let exact = (whole as f64).to_bits() == n.to_bits();
    if exact { Value::from(whole) } else { Number::from_f64(n).map_or(Value::Null, Value::Number) }
}

fn print_catcher(catcher: &Catcher) -> Value {
    let mut object = Object::default();
    object.put("Comment", catcher.comment.as_deref());
    object.put("ErrorEquals", Some(catcher.error_equals.clone()));
    object.effects(catcher.assign.as_ref(), catcher.output.as_ref());
    object.path("ResultPath", catcher.result_path.as_ref());
    object.put("Next", Some(catcher.next.as_str()));
    object.done()
}
