//! The names of variables in frames and definitions: those that are ever kept get theirs first, so
//! that a name which only a pattern binds for a moment takes it from none of them.

use super::liveness::liveness;
use crate::ir::{Ir, NodeId, Role, Var, Vars};
use std::collections::{BTreeMap, BTreeSet};

/// The longest name of a variable in Step Functions, with room for a number.
const LONGEST: usize = 80 - 6;

/// Gives every variable its key. `live`: what is alive where each state is entered.
pub(crate) fn assign(ir: &mut Ir, live: &BTreeMap<NodeId, Vars>, reserved: &[&str]) {
    let kept = kept(ir, live);
    let mut taken: BTreeSet<String> = reserved.iter().map(|&name| name.to_owned()).collect();
    let (first, then): (Vec<usize>, Vec<usize>) =
        (0..ir.vars.len()).partition(|var| kept.contains(var));
    for id in first.into_iter().chain(then) {
        if let Some(var) = ir.vars.get_mut(id) {
            var.key = unique(&base(var), &mut taken);
        }
    }
}

/// The variables that a frame or an Assign ever holds.
fn kept(ir: &Ir, live: &BTreeMap<NodeId, Vars>) -> Vars {
    let mut kept: Vars = live.values().flatten().copied().collect();
    let segments = liveness(ir);
    for segment in 0..ir.segments.len() {
        kept.extend(segments.at(segment));
    }
    // The value of a step may stand in for what was caught of it.
    kept.extend(ir.vars.iter().enumerate().filter_map(|(id, var)| {
        (matches!(var.role, Role::Param(_)) || var.role.is_awaited()).then_some(id)
    }));
    kept
}

/// The name in the source; a temporary's without its number.
fn base(var: &Var) -> String {
    let ident = var.ident.to_string();
    let name = if ident.starts_with("__") {
        var.key.trim_end_matches(|end: char| end.is_ascii_digit()).trim_end_matches('_')
    } else {
        ident.trim_start_matches("r#").trim_start_matches('_')
    };
    let starts_well = name.starts_with(char::is_alphabetic);
    if starts_well { name } else { "value" }.chars().take(LONGEST).collect()
}

fn unique(base: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2..).map(|n: u32| format!("{base}_{n}"));
    let key = std::iter::once(base.to_owned())
        .chain(numbered)
        .find(|key| !taken.contains(key))
        .unwrap_or_else(|| base.to_owned());
    taken.insert(key.clone());
    key
}
