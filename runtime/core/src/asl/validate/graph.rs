//! Transitions: every target exists, every state can be reached, every scope can end.

use super::super::{Code, Diagnostic, State, States, diagnostic::below, nearest};
use super::state_pointer;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// With more findings of a kind, nobody is helped by guesses.
pub(super) const MAX_ADVICE: usize = 50;

/// A transition out of a state: where it stands below the state, and where it leads.
pub(in super::super) fn edges(state: &State) -> Vec<(String, &str)> {
    let mut edges = Vec::new();
    match state {
        State::Choice(choice) => {
            for (i, rule) in choice.choices.iter().enumerate() {
                edges.push((format!("/Choices/{i}/Next"), rule.next.as_str()));
            }
            edges.extend(choice.default.iter().map(|next| ("/Default".to_owned(), next.as_str())));
        }
        State::Succeed(_) | State::Fail(_) => {}
        _ => {
            let next = state.flow().next.iter();
            edges.extend(next.map(|next| ("/Next".to_owned(), next.as_str())));
        }
    }
    for (i, catcher) in state.catch().iter().enumerate() {
        edges.push((format!("/Catch/{i}/Next"), catcher.next.as_str()));
    }
    edges
}

/// Checks one scope.
pub(super) fn check(scope: &States, pointer: &str, found: &mut Vec<Diagnostic>) {
    let at = |name: &str| state_pointer(pointer, name);
    if scope.states.is_empty() {
        let message = "a scope needs at least one state";
        found.push(Diagnostic::new(Code::Empty, below(pointer, "States"), message));
        return;
    }
    let mut targets = vec![(below(pointer, "StartAt"), scope.start_at.as_str())];
    for (name, state) in &scope.states {
        empty_lists(state, &at(name), found);
        let edges = edges(state).into_iter();
        targets.extend(edges.map(|(edge, target)| (format!("{}{edge}", at(name)), target)));
    }
    targets.retain(|(_, target)| !scope.states.contains_key(*target));
    if !targets.is_empty() {
        // What cannot be reached is only a consequence.
        let known = if targets.len() <= MAX_ADVICE { Some(&scope.states) } else { None };
        found.extend(targets.into_iter().map(|(at, target)| dangling(target, at, known)));
        return;
    }
    let reached = reached(scope);
    for (name, _) in scope.states.iter().filter(|(name, _)| !reached.contains(name.as_str())) {
        let message = format!("no transition leads to the state `{name}`");
        let help = "remove it, or name it in a Next";
        found.push(Diagnostic::new(Code::Unreachable, at(name), message).help(help));
    }
    let ends = reached.iter().filter_map(|name| scope.states.get(*name)).any(is_terminal);
    if !ends {
        let message = "no state that ends this scope can be reached";
        let help = "add a Succeed or Fail state, or `\"End\": true`";
        found.push(Diagnostic::new(Code::NoTerminal, below(pointer, "States"), message).help(help));
    }
}

/// Reports a target that does not exist; `known` are the states to look for a similar name in.
fn dangling(target: &str, pointer: String, known: Option<&IndexMap<String, State>>) -> Diagnostic {
    let message = format!("there is no state `{target}` in this scope");
    let finding = Diagnostic::new(Code::DanglingTarget, pointer, message);
    let known = known.into_iter().flat_map(IndexMap::keys).map(String::as_str);
    match nearest(target, known) {
        Some(near) => finding.help(format!("did you mean `{near}`?")),
        None => finding,
    }
}

/// Whether a scope may end with the state.
pub(in super::super) fn is_terminal(state: &State) -> bool {
    match state {
        State::Succeed(_) | State::Fail(_) => true,
        State::Choice(_) => false,
        _ => state.flow().next.is_none(),
    }
}

/// The states that transitions lead to from StartAt.
pub(in super::super) fn reached(scope: &States) -> BTreeSet<&str> {
    let mut reached = BTreeSet::new();
    let mut open = vec![scope.start_at.as_str()];
    while let Some(name) = open.pop() {
        let Some(state) = scope.states.get(name) else { continue };
        if reached.insert(name) {
            open.extend(edges(state).into_iter().map(|(_, target)| target));
        }
    }
    reached
}

fn empty_lists(state: &State, pointer: &str, found: &mut Vec<Diagnostic>) {
    let mut refuse = |field: &str| {
        let message = format!("`{field}` needs at least one entry");
        found.push(Diagnostic::new(Code::Empty, below(pointer, field), message));
    };
    match state {
        State::Choice(choice) if choice.choices.is_empty() => refuse("Choices"),
        State::Parallel(parallel) if parallel.branches.is_empty() => refuse("Branches"),
        _ => {}
    }
}
