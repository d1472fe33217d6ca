//! Which state is tested, and in which definition.

use super::{Refused, Request};
use crate::{
    asl::{self, Definition, MachineType, QueryLanguage, State, States},
    program::{Interpreter, Program as _},
};
use serde_json::{Map, Value, json};

/// AWS's name of a state that is given by itself.
pub(super) const NAME: &str = "StateName";

/// The state that is tested.
#[derive(Debug)]
pub(super) struct Tested {
    pub(super) interpreter: Interpreter,
    /// Its name.
    pub(super) name: String,
    pub(super) state: State,
    pub(super) language: QueryLanguage,
}

impl Tested {
    pub(super) fn find(request: &Request) -> Result<Self, Refused> {
        let (text, name) = match &request.state_name {
            Some(name) => (request.definition.clone(), name.as_str()),
            None => (machine_of(&request.definition)?, NAME),
        };
        let definition = read(&text)?;
        let machine = definition.query_language;
        let interpreter = Interpreter::new(definition).map_err(|error| {
            Refused::definition(format!("Invalid State Machine Definition: '{error}'"))
        })?;
        let state = interpreter.state(name).cloned();
        let state = state.ok_or_else(|| Refused::validation("State not found in definition"))?;
        let language = state.query_language(machine);
        Ok(Self { interpreter, name: name.to_owned(), state, language })
    }
}

fn read(text: &str) -> Result<Definition, Refused> {
    let (definition, found) = Definition::check_as(text, MachineType::Standard);
    if let Some(message) = asl::refusal(&asl::answer(text, &found)) {
        return Err(Refused::definition(message));
    }
    definition.ok_or_else(|| {
        let first = found.iter().find(|found| found.is_error());
        let why = first.map(ToString::to_string).unwrap_or_default();
        Refused::definition(format!("Invalid State Machine Definition: '{why}'"))
    })
}

/// A machine that has the state, and an end wherever the state may go.
fn machine_of(state: &str) -> Result<String, Refused> {
    if !matches!(serde_json::from_str(state), Ok(Value::Object(_))) {
        // Refused for its own form, whatever would stand around it.
        read(state)?;
    }
    let around = |others: &Map<String, Value>| {
        let others = others.iter().map(|(name, end)| format!(", {}: {end}", json!(name)));
        format!(
            "{{\"StartAt\": \"{NAME}\", \"States\": {{\"{NAME}\": {state}{}}}}}",
            others.collect::<String>()
        )
    };
    let (alone, _) = Definition::parse(&around(&Map::new()));
    let targets = alone.iter().flat_map(|alone| alone.states.states.values()).flat_map(targets);
    let end = json!({ "Type": "Succeed" });
    Ok(around(&targets.filter(|target| target != NAME).map(|name| (name, end.clone())).collect()))
}

/// Where a state may go.
fn targets(state: &State) -> Vec<String> {
    let next = state.flow().next.iter();
    let caught = state.catch().iter().map(|catcher| &catcher.next);
    let (rules, default) = match state {
        State::Choice(choice) => (choice.choices.as_slice(), choice.default.as_ref()),
        _ => ([].as_slice(), None),
    };
    let chosen = rules.iter().map(|rule| &rule.next).chain(default);
    next.chain(caught).chain(chosen).cloned().collect()
}

/// Whether a state inside another one has that name.
pub(super) fn has_inside(state: &State, name: &str) -> bool {
    let has = |scope: &States| {
        scope.states.contains_key(name) || scope.states.values().any(|it| has_inside(it, name))
    };
    state.scopes().into_iter().any(|(_, scope)| has(scope))
}
