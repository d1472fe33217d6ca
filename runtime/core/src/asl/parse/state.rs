//! The eight kinds of states.

use super::super::{
    Branch, Choice, Code, Fail, Node, Parallel, Pass, QueryLanguage, State, Succeed, Task, Wait,
    WaitUntil,
};
use super::{
    branch, choice,
    fields::{Fields, Found},
    flow::{Selects, Shared, catch, flow, payload, retry},
    map::map,
    query_language,
};

/// The values of Type.
const TYPES: &[&str] = &["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];

/// Reads a state of a machine in the language `machine`; `None` if a mistake left something that no
/// state can hold.
pub(super) fn state(
    node: &Node,
    pointer: &str,
    machine: QueryLanguage,
    found: &mut Found,
) -> Option<State> {
    let kind = node.get("Type").and_then(Node::text);
    let what = match kind {
        Some(kind) if TYPES.contains(&kind) => format!("a {kind} state"),
        _ => "a state".to_owned(),
    };
    let mut fields = Fields::open(node, pointer, what, found)?;
    let own = language(&mut fields, machine, found);
    let mut fields = fields.speaking(own.unwrap_or(machine));
    let kind = fields.required("Type", found)?;
    let kind = fields.as_string("Type", kind, found)?;
    let state = match kind.as_str() {
        "Task" => task(&mut fields, found),
        "Pass" => Some(pass(&mut fields, found)),
        "Choice" => choice(&mut fields, found),
        "Wait" => wait(&mut fields, found),
        "Succeed" => {
            Some(State::Succeed(Succeed { flow: flow(&mut fields, Shared::Output, found) }))
        }
        "Fail" => Some(fail(&mut fields, found)),
        "Parallel" => parallel(&mut fields, machine, found),
        "Map" => map(&mut fields, machine, found),
        other => {
            let message = format!("there is no state type `{other}`");
            let help = format!("it is one of {}", TYPES.join(", "));
            let finding = fields.finding(Code::UnknownValue, "Type", message).help(help);
            found.push(finding.naming(TYPES.iter().copied()));
            return None;
        }
    };
    fields.close(found);
    state.map(|mut state| {
        state.flow_mut().query_language = own;
        state
    })
}

/// Reads the state's own language: a JSONata machine has no state in JSONPath.
fn language(
    fields: &mut Fields<'_>,
    machine: QueryLanguage,
    found: &mut Found,
) -> Option<QueryLanguage> {
    let own = query_language(fields, found);
    if (machine, own) == (QueryLanguage::Jsonata, Some(QueryLanguage::JsonPath)) {
        let message = "a machine in JSONata has no state in JSONPath";
        let help = "write JSONPath at the top and JSONata at the states that use it";
        found.push(fields.finding(Code::JsonPath, "QueryLanguage", message).help(help));
    }
    own
}

fn task(fields: &mut Fields<'_>, found: &mut Found) -> Option<State> {
    let resource = fields.required("Resource", found);
    let resource = resource.and_then(|node| fields.as_string("Resource", node, found));
    let has_resource = resource.is_some();
    let mut flow = flow(fields, Shared::Step, found);
    payload(fields, &mut flow.paths, Selects::Yes, found);
    fields.one_form("TimeoutSeconds", found);
    fields.one_form("HeartbeatSeconds", found);
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    let task = Task {
        flow,
        resource: resource.unwrap_or_default(),
        arguments: fields.jsonata("Arguments"),
        credentials: fields.template("Credentials"),
        timeout_seconds: fields.template("TimeoutSeconds"),
        timeout_seconds_path: fields.path("TimeoutSecondsPath", found),
        heartbeat_seconds: fields.template("HeartbeatSeconds"),
        heartbeat_seconds_path: fields.path("HeartbeatSecondsPath", found),
        retry,
        catch: catch?,
    };
    // Without its Resource the state is read to its end all the same, and then dropped.
    has_resource.then_some(State::Task(task))
}

fn pass(fields: &mut Fields<'_>, found: &mut Found) -> State {
    let mut flow = flow(fields, Shared::Step, found);
    payload(fields, &mut flow.paths, Selects::No, found);
    State::Pass(Pass { flow, result: fields.jsonpath("Result") })
}

fn choice(fields: &mut Fields<'_>, found: &mut Found) -> Option<State> {
    let flow = flow(fields, Shared::Choice, found);
    let default = fields.string("Default", found);
    if !fields.has("Choices") {
        fields.required("Choices", found);
        return None;
    }
    let choices = choice::rules(fields, found);
    Some(State::Choice(Choice { flow, choices: choices?, default }))
}

fn fail(fields: &mut Fields<'_>, found: &mut Found) -> State {
    fields.one_form("Error", found);
    fields.one_form("Cause", found);
    State::Fail(Fail {
        flow: flow(fields, Shared::Nothing, found),
        error: fields.template("Error"),
        error_path: fields.path("ErrorPath", found),
        cause: fields.template("Cause"),
        cause_path: fields.path("CausePath", found),
    })
}

fn wait(fields: &mut Fields<'_>, found: &mut Found) -> Option<State> {
    let flow = flow(fields, Shared::Step, found);
    let ways: Vec<WaitUntil> = [
        fields.template("Seconds").map(WaitUntil::Seconds),
        fields.template("Timestamp").map(WaitUntil::Timestamp),
        fields.path("SecondsPath", found).map(WaitUntil::SecondsPath),
        fields.path("TimestampPath", found).map(WaitUntil::TimestampPath),
    ]
    .into_iter()
    .flatten()
    .collect();
    let names: &[&str] = match fields.language() {
        QueryLanguage::Jsonata => &["Seconds", "Timestamp"],
        QueryLanguage::JsonPath => &["SecondsPath", "Seconds", "TimestampPath", "Timestamp"],
    };
    let several = ways.len() > 1;
    let Ok([until]) = <[WaitUntil; 1]>::try_from(ways) else {
        let given: Vec<_> = names.iter().filter(|name| fields.has(name)).collect();
        if several {
            let last = given.last().copied().copied().unwrap_or_default();
            let finding = fields.finding(Code::TwoForms, last, "a Wait waits for one thing");
            let help = "keep one of `Seconds` and `Timestamp`, or of their paths";
            found.push(finding.help(help).naming(names.iter().copied()));
        } else if given.is_empty() {
            let message = format!("a Wait state needs one of `{}`", names.join("`, `"));
            let finding = fields.finding_here(Code::NoForm, message);
            found.push(finding.naming(names.iter().copied()));
        }
        return None;
    };
    Some(State::Wait(Wait { flow, until }))
}

fn parallel(fields: &mut Fields<'_>, machine: QueryLanguage, found: &mut Found) -> Option<State> {
    let mut flow = flow(fields, Shared::Step, found);
    payload(fields, &mut flow.paths, Selects::Yes, found);
    let arguments = fields.jsonata("Arguments");
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    if !fields.has("Branches") {
        fields.required("Branches", found);
        return None;
    }
    let branches: Option<Vec<Branch>> = fields.list("Branches", found, |node, pointer, found| {
        branch(node, pointer, ("a branch", machine), found)
    });
    Some(State::Parallel(Parallel { flow, branches: branches?, arguments, retry, catch: catch? }))
}
