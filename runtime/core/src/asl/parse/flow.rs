//! What states share: transitions, Assign and Output, Retry and Catch.

use super::super::{Catcher, Code, Diagnostic, Flow, Json, Node, Paths, Retrier};
use super::fields::{Fields, Found};

/// Which of the shared fields a kind of state has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shared {
    /// All of them, and a transition.
    Step,
    /// Assign and Output, no transition of its own: a Choice.
    Choice,
    /// Output alone: a Succeed.
    Output,
    /// None: a Fail.
    Nothing,
}

/// Reads the shared fields; the state's language is known by now.
pub(super) fn flow(fields: &mut Fields<'_>, shared: Shared, found: &mut Found) -> Flow {
    let mut flow = Flow { comment: fields.string("Comment", found), ..Flow::default() };
    if matches!(shared, Shared::Step | Shared::Choice) {
        flow.assign = fields.templates("Assign", found);
    }
    if shared != Shared::Nothing {
        flow.output = fields.jsonata("Output");
        flow.paths.input_path = fields.maybe_path("InputPath", found);
        flow.paths.output_path = fields.maybe_path("OutputPath", found);
    }
    if shared == Shared::Step {
        flow.next = transition(fields, found);
    }
    flow
}

/// Reads how a state that has a result makes its payload and its output, in JSONPath mode.
pub(super) fn payload(
    fields: &mut Fields<'_>,
    paths: &mut Paths,
    selects: Selects,
    found: &mut Found,
) {
    paths.parameters = fields.jsonpath("Parameters");
    paths.result_path = fields.maybe_path("ResultPath", found);
    if selects == Selects::Yes {
        paths.result_selector = fields.jsonpath("ResultSelector");
    }
}

/// Whether a state may have a `ResultSelector`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selects {
    /// It has a result of its own: Task, Parallel, Map.
    Yes,
    /// It is a Pass.
    No,
}

/// Reads Next or End; exactly one of them must be there.
fn transition(fields: &mut Fields<'_>, found: &mut Found) -> Option<String> {
    let next = fields.take("Next");
    let end = fields.take("End");
    let next_name = next.and_then(|node| fields.as_string("Next", node, found));
    let ends = end.is_some_and(|node| match node.json {
        Json::Bool(ends) => ends,
        _ => {
            let message = format!("`End` is a boolean, not {}", node.kind());
            found.push(fields.finding(Code::WrongType, "End", message).naming(["Boolean"]));
            true
        }
    });
    match (next.is_some(), ends) {
        (true, true) => {
            fields.exclusive(("Next", "End"), "keep `Next` to go on, `End` to stop here", found);
        }
        (false, false) => found.push(
            fields
                .finding_here(Code::NoForm, "the state has neither `Next` nor `End`")
                .help("add `\"End\": true` or the name of the next state")
                .naming(["Next", "End"]),
        ),
        _ => {}
    }
    next_name
}

/// Reads a Retry.
pub(super) fn retry(fields: &mut Fields<'_>, found: &mut Found) -> Vec<Retrier> {
    fields.list("Retry", found, retrier).unwrap_or_default()
}

fn retrier(node: &Node, pointer: &str, found: &mut Found) -> Option<Retrier> {
    let mut fields = Fields::open(node, pointer, "a retrier", found)?;
    let retrier = Retrier {
        comment: fields.string("Comment", found),
        error_equals: error_equals(&mut fields, found)?,
        interval_seconds: fields.count("IntervalSeconds", found),
        max_attempts: fields.count("MaxAttempts", found),
        backoff_rate: fields.number("BackoffRate", found),
        max_delay_seconds: fields.count("MaxDelaySeconds", found),
        jitter_strategy: fields.choice("JitterStrategy", &["NONE", "FULL"], found),
    };
    fields.close(found);
    Some(retrier)
}

/// Reads a Catch.
pub(super) fn catch(fields: &mut Fields<'_>, found: &mut Found) -> Option<Vec<Catcher>> {
    if !fields.has("Catch") {
        return Some(Vec::new());
    }
    let language = fields.language();
    fields.list("Catch", found, |node, pointer, found| {
        let fields = Fields::open(node, pointer, "a catcher", found)?;
        catcher(fields.speaking(language), found)
    })
}

fn catcher(mut fields: Fields<'_>, found: &mut Found) -> Option<Catcher> {
    let comment = fields.string("Comment", found);
    let error_equals = error_equals(&mut fields, found);
    let assign = fields.templates("Assign", found);
    let output = fields.jsonata("Output");
    let result_path = fields.maybe_path("ResultPath", found);
    let next = fields.required("Next", found);
    let next = next.and_then(|node| fields.as_string("Next", node, found));
    fields.close(found);
    Some(Catcher { comment, error_equals: error_equals?, assign, output, result_path, next: next? })
}

fn error_equals(fields: &mut Fields<'_>, found: &mut Found) -> Option<Vec<String>> {
    if !fields.has("ErrorEquals") {
        fields.required("ErrorEquals", found);
        return None;
    }
    fields.list("ErrorEquals", found, |node, pointer, found| {
        let name = node.text().map(str::to_owned);
        if name.is_none() {
            let message = format!("an error name is a string, not {}", node.kind());
            let finding = Diagnostic::new(Code::WrongType, pointer, message).naming(["STRING"]);
            found.push(finding.at(node.span.clone()));
        }
        name
    })
}
