//! The mock configuration of Step Functions Local: test cases of machines, and responses by number.

use super::{
    Outcome,
    file::{BadAnswers, Mistakes, did_you_mean},
};
use crate::asl::{Json, Member, Node};
use indexmap::IndexMap;

const MACHINES: &str = "StateMachines";
const CASES: &str = "TestCases";
const RESPONSES: &str = "MockedResponses";

/// Longest list of responses that numbers may name.
const MOST: usize = 25_000;

/// Whether a text is a mock configuration.
pub(super) fn is_one(node: &Node) -> bool {
    [MACHINES, RESPONSES].iter().any(|key| member(node, key).is_some())
}

/// Reads the answers of a test case by state; `known` are the states that have tasks.
pub(super) fn read(
    node: &Node,
    machine: &str,
    test_case: Option<&str>,
    known: &IndexMap<String, String>,
) -> Result<IndexMap<String, Vec<Outcome>>, BadAnswers> {
    let machines = within(node, MACHINES)?;
    let named = member(machines, machine).ok_or_else(|| {
        let message = format!("there is no machine `{machine}` here, but {}", names(machines));
        BadAnswers::one(message, machines.span.clone())
    })?;
    let cases = within(named, CASES)?;
    let case = case(cases, test_case)?;
    let responses = within(node, RESPONSES)?;
    let mut mistakes = Mistakes::default();
    let mut lists = IndexMap::new();
    for Member { key: state, key_span, value } in mistakes.members(case, "a test case") {
        if !known.contains_key(state) {
            let message = format!("no state of the definition with a task is called `{state}`");
            mistakes.helped(key_span, message, did_you_mean(state, known));
        }
        match value.text().map(|name| (name, member(responses, name))) {
            Some((_, Some(response))) => {
                lists.insert(state.clone(), outcomes(response, &mut mistakes));
            }
            Some((name, None)) => {
                mistakes.add(&value.span, format!("there is no `{name}` in {RESPONSES}"));
            }
            None => mistakes.add(&value.span, format!("a name of {RESPONSES} must stand here")),
        }
    }
    mistakes.or(lists)
}

/// The test case of that name, or the only one.
fn case<'n>(cases: &'n Node, name: Option<&str>) -> Result<&'n Node, BadAnswers> {
    let all = cases.members().unwrap_or_default();
    let found = match (name, all) {
        (Some(name), _) => member(cases, name),
        (None, [only]) => Some(&only.value),
        (None, _) => None,
    };
    found.ok_or_else(|| {
        let wanted = name.map_or_else(
            || "one of the test cases must be named".to_owned(),
            |name| format!("there is no test case `{name}`"),
        );
        BadAnswers::one(format!("{wanted}: there is {}", names(cases)), cases.span.clone())
    })
}

/// Responses in the order of their numbers, each as often as its range says.
fn outcomes(node: &Node, mistakes: &mut Mistakes) -> Vec<Outcome> {
    let members = mistakes.members(node, "mocked responses");
    if members.is_empty() {
        mistakes.add(&node.span, "there must be a response number 0");
    }
    let mut numbered = Vec::new();
    for Member { key, key_span, value } in members {
        let outcome = outcome(value, mistakes);
        match numbers(key) {
            Some((first, last)) => numbered.push((first, last, key_span.clone(), outcome)),
            None => {
                let message = format!("`{key}` is neither a number nor a range such as 1-2");
                mistakes.add(key_span, message);
            }
        }
    }
    numbered.sort_by_key(|(first, ..)| *first);
    let mut outcomes = Vec::new();
    for (first, last, span, outcome) in numbered {
        if first == outcomes.len() {
            outcomes.extend(std::iter::repeat_n(outcome, last - first + 1));
        } else {
            mistakes.add(&span, format!("the next response must be number {}", outcomes.len()));
            return outcomes;
        }
    }
    outcomes
}

fn numbers(key: &str) -> Option<(usize, usize)> {
    let (first, last) = key.split_once('-').unwrap_or((key, key));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last && last < MOST).then_some((first, last))
}

fn outcome(node: &Node, mistakes: &mut Mistakes) -> Outcome {
    match mistakes.members(node, "a mocked response") {
        [Member { key, value, .. }] if key == "Return" => Ok(value.to_value().into()),
        [Member { key, value, .. }] if key == "Throw" => {
            for member in mistakes.members(value, "`Throw`") {
                if !["Error", "Cause"].contains(&member.key.as_str()) {
                    let message = format!("`Throw` has no field `{}`", member.key);
                    mistakes.add(&member.key_span, message);
                }
            }
            Err(mistakes.failure(member(value, "Error"), member(value, "Cause")))
        }
        _ => {
            mistakes.add(&node.span, "a mocked response has either `Return` or `Throw`");
            Ok(serde_json::Value::Null.into())
        }
    }
}

fn member<'n>(node: &'n Node, key: &str) -> Option<&'n Node> {
    let members = node.members()?;
    members.iter().find(|member| member.key == key).map(|member| &member.value)
}

/// The object under a key.
fn within<'n>(node: &'n Node, key: &str) -> Result<&'n Node, BadAnswers> {
    let found = member(node, key).filter(|found| matches!(found.json, Json::Object(_)));
    found.ok_or_else(|| BadAnswers::one(format!("an object `{key}` is missing"), node.span.clone()))
}

/// The keys of an object, for people.
fn names(node: &Node) -> String {
    let members = node.members().unwrap_or_default();
    let names: Vec<_> = members.iter().map(|member| format!("`{}`", member.key)).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
