//! One state of any kind.

use super::super::{
    Branch, Choice, ChoiceRule, Code, Diagnostic, Fail, Map, Node, Parallel, Pass, QueryLanguage,
    State, Succeed, Task, Wait, WaitUntil, diagnostic::below,
};
use super::{
    branch,
    fields::Fields,
    flow::{Shared, catch, common, retry},
};

/// The values of Type.
const TYPES: &[&str] = &["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"];

/// Reads a state; `None` if a mistake left something that no state can hold.
pub(super) fn state(node: &Node, pointer: &str, found: &mut Vec<Diagnostic>) -> Option<State> {
    let kind = node.get("Type").and_then(Node::text);
    let what = match kind {
        Some(kind) if TYPES.contains(&kind) => format!("a {kind} state"),
        _ => "a state".to_owned(),
    };
    let mut fields = Fields::open(node, pointer, what, found)?;
    let kind = fields.required("Type", found)?;
    let kind = fields.as_string("Type", kind, found)?;
    let state = match kind.as_str() {
        "Task" => task(&mut fields, found),
        "Pass" => Some(State::Pass(Pass { common: common(&mut fields, Shared::Step, found) })),
        "Choice" => choice(&mut fields, found),
        "Wait" => wait(&mut fields, found),
        "Succeed" => {
            Some(State::Succeed(Succeed { common: common(&mut fields, Shared::Output, found) }))
        }
        "Fail" => Some(State::Fail(Fail {
            common: common(&mut fields, Shared::Nothing, found),
            error: fields.template("Error"),
            cause: fields.template("Cause"),
        })),
        "Parallel" => parallel(&mut fields, found),
        "Map" => map(&mut fields, found),
        other => {
            let message = format!("there is no state type `{other}`");
            let help = format!("it is one of {}", TYPES.join(", "));
            found.push(fields.finding(Code::UnknownValue, "Type", message).help(help));
            return None;
        }
    };
    if state.as_ref().and_then(|state| state.common().query_language)
        == Some(QueryLanguage::JsonPath)
    {
        let message = "a state in JSONPath mode is not supported yet";
        found.push(fields.finding(Code::JsonPath, "QueryLanguage", message));
    }
    fields.close(found);
    state
}

fn task(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<State> {
    let resource = fields.required("Resource", found);
    let resource = resource.and_then(|node| fields.as_string("Resource", node, found));
    let common = common(fields, Shared::Step, found);
    let arguments = fields.template("Arguments");
    let credentials = fields.template("Credentials");
    let timeout_seconds = fields.template("TimeoutSeconds");
    let heartbeat_seconds = fields.template("HeartbeatSeconds");
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    Some(State::Task(Task {
        common,
        resource: resource?,
        arguments,
        credentials,
        timeout_seconds,
        heartbeat_seconds,
        retry,
        catch: catch?,
    }))
}

fn choice(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<State> {
    let common = common(fields, Shared::Choice, found);
    let default = fields.string("Default", found);
    if !fields.has("Choices") {
        fields.required("Choices", found);
        return None;
    }
    let choices = fields.list("Choices", found, rule);
    Some(State::Choice(Choice { common, choices: choices?, default }))
}

fn rule(node: &Node, pointer: &str, found: &mut Vec<Diagnostic>) -> Option<ChoiceRule> {
    let mut fields = Fields::open(node, pointer, "a rule of a Choice", found)?;
    let comment = fields.string("Comment", found);
    let condition = fields.required("Condition", found).map(Node::to_value);
    let assign = fields.templates("Assign", found);
    let output = fields.template("Output");
    let next = fields.required("Next", found);
    let next = next.and_then(|node| fields.as_string("Next", node, found));
    fields.close(found);
    Some(ChoiceRule { comment, condition: condition?, assign, output, next: next? })
}

fn wait(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<State> {
    let common = common(fields, Shared::Step, found);
    let until = match (fields.template("Seconds"), fields.template("Timestamp")) {
        (Some(seconds), None) => WaitUntil::Seconds(seconds),
        (None, Some(timestamp)) => WaitUntil::Timestamp(timestamp),
        (both, _) => {
            let how = if both.is_some() { "both" } else { "neither" };
            let message = format!("a Wait state needs one of `Seconds` and `Timestamp`, not {how}");
            found.push(fields.finding_here(Code::NextOrEnd, message));
            return None;
        }
    };
    Some(State::Wait(Wait { common, until }))
}

fn parallel(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<State> {
    let common = common(fields, Shared::Step, found);
    let arguments = fields.template("Arguments");
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    if !fields.has("Branches") {
        fields.required("Branches", found);
        return None;
    }
    let branches: Option<Vec<Branch>> = fields
        .list("Branches", found, |node, pointer, found| branch(node, pointer, "a branch", found));
    Some(State::Parallel(Parallel { common, branches: branches?, arguments, retry, catch: catch? }))
}

fn map(fields: &mut Fields<'_>, found: &mut Vec<Diagnostic>) -> Option<State> {
    let common = common(fields, Shared::Step, found);
    let items = fields.template("Items");
    let item_selector = fields.template("ItemSelector");
    let max_concurrency = fields.template("MaxConcurrency");
    let tolerated_failure_count = fields.template("ToleratedFailureCount");
    let tolerated_failure_percentage = fields.template("ToleratedFailurePercentage");
    let label = fields.string("Label", found);
    let retry = retry(fields, found);
    let catch = catch(fields, found);
    let pointer = below(fields.pointer(), "ItemProcessor");
    let processor = fields.required("ItemProcessor", found);
    let processor = processor.and_then(|node| branch(node, &pointer, "an ItemProcessor", found));
    Some(State::Map(Map {
        common,
        items,
        item_selector,
        processor: processor?,
        max_concurrency,
        tolerated_failure_count,
        tolerated_failure_percentage,
        label,
        retry,
        catch: catch?,
    }))
}
