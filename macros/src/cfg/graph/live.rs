//! Which variables are alive where a state is entered: exactly those are assigned on the ways to it.

use super::{Caught, Effect, Graph, State, StateKind, Test, Way};
use crate::ir::{Entry, Ir, Kind, NodeId, VarId, Vars};
use std::collections::BTreeMap;

/// Finds out, to the fixpoint.
pub(crate) fn live(graph: &Graph, ir: &Ir) -> BTreeMap<NodeId, Vars> {
    let mut live: BTreeMap<NodeId, Vars> = BTreeMap::new();
    loop {
        let mut changed = false;
        for (id, state) in graph.states.iter().rev() {
            let alive = entered(graph, ir, &live, *id, state);
            if live.get(id) != Some(&alive) {
                live.insert(*id, alive);
                changed = true;
            }
        }
        if !changed {
            return live;
        }
    }
}

fn entered(
    graph: &Graph,
    ir: &Ir,
    live: &BTreeMap<NodeId, Vars>,
    id: NodeId,
    state: &State,
) -> Vars {
    let mut alive = Vars::new();
    for way in Graph::ways(state) {
        alive.extend(before(ir, live, way));
    }
    if let Some(node) = ir.node(id) {
        if let Kind::Await(step) = &node.kind {
            alive.remove(&step.value);
        }
        if let Kind::Spawn(spawned) | Kind::Map { spawned, .. } = &node.kind {
            alive.remove(&spawned.value);
            for frame in &spawned.frames {
                alive.extend(begun(graph, ir, live, *frame));
            }
        }
        alive.extend(own(ir, node.id));
    }
    if let StateKind::Choice { rules, .. } = &state.kind {
        for rule in rules {
            match rule.test {
                Test::Condition(node) | Test::Arm(node, _) | Test::More(node) => {
                    alive.extend(own(ir, node));
                }
            }
        }
    }
    if let StateKind::Step { caught: Caught::Data | Caught::Leaves, .. } = &state.kind
        && let Some(value) = ir.node(id).and_then(|node| value(&node.kind))
    {
        alive.remove(&value);
    }
    alive
}

/// The variable that a step's value goes to.
pub(crate) fn value(kind: &Kind) -> Option<VarId> {
    match kind {
        Kind::Await(step) => Some(step.value),
        Kind::Spawn(spawned) | Kind::Map { spawned, .. } => Some(spawned.value),
        _ => None,
    }
}

/// Alive in the frames around where one begins.
fn begun(graph: &Graph, ir: &Ir, live: &BTreeMap<NodeId, Vars>, frame: usize) -> Vars {
    let Some(way) = graph.starts.get(frame) else { return Vars::new() };
    let mut alive = before(ir, live, way);
    let entry = ir.frames.get(frame).and_then(|frame| ir.segments.get(frame.entry));
    if let Some(Entry::Begin(Some(item))) = entry.map(|segment| segment.entry) {
        alive.remove(&item);
    }
    alive
}

/// What the expressions of a node read.
fn own(ir: &Ir, node: NodeId) -> Vars {
    match ir.node(node).map(|node| &node.kind) {
        Some(Kind::ForHead { list, index, .. }) => Vars::from([*list, *index]),
        Some(kind) => {
            let mut uses = kind.info().map(|info| info.uses.clone()).unwrap_or_default();
            if let Kind::If { binds, .. } = kind {
                for var in binds {
                    uses.remove(var);
                }
            }
            if let Kind::Match { arms, .. } = kind {
                for var in arms.iter().flat_map(|arm| &arm.binds) {
                    uses.remove(var);
                }
            }
            uses
        }
        None => Vars::new(),
    }
}

/// Alive where a way begins.
pub(crate) fn before(ir: &Ir, live: &BTreeMap<NodeId, Vars>, way: &Way) -> Vars {
    let mut alive = live.get(&way.to).cloned().unwrap_or_default();
    for effect in way.effects.iter().rev() {
        let (uses, sets) = touches(ir, effect);
        for var in sets {
            alive.remove(&var);
        }
        alive.extend(uses);
    }
    alive
}

/// What an effect reads, and what it sets.
pub(crate) fn touches(ir: &Ir, effect: &Effect) -> (Vars, Vec<VarId>) {
    match effect {
        Effect::Set(var) => (Vars::new(), vec![*var]),
        Effect::Node(node) => {
            let Some(node) = ir.node(*node) else { return (Vars::new(), Vec::new()) };
            node_touches(ir, &node.kind)
        }
        Effect::Bind(Test::Condition(node) | Test::Arm(node, _) | Test::More(node))
        | Effect::Outcome(node, _) => bind_touches(ir, effect, *node),
    }
}

fn bind_touches(ir: &Ir, effect: &Effect, node: NodeId) -> (Vars, Vec<VarId>) {
    let uses = own(ir, node);
    let arm = match effect {
        Effect::Bind(Test::Arm(_, arm)) | Effect::Outcome(_, arm) => *arm,
        _ => 0,
    };
    match ir.node(node).map(|node| &node.kind) {
        Some(Kind::Match { arms, .. }) => {
            (uses, arms.get(arm).map(|arm| arm.binds.clone()).unwrap_or_default())
        }
        Some(Kind::If { binds, .. }) if arm == 0 => (uses, binds.clone()),
        Some(Kind::LetElse { info, .. }) if arm == 0 => (uses, info.decls.clone()),
        Some(Kind::ForHead { index, binds, .. }) => {
            (uses, binds.iter().copied().chain([*index]).collect())
        }
        _ => (Vars::new(), Vec::new()),
    }
}

fn node_touches(ir: &Ir, kind: &Kind) -> (Vars, Vec<VarId>) {
    match kind {
        Kind::Stmt { info, .. } => {
            let mut uses = info.uses.clone();
            uses.extend(&info.may);
            (uses, info.decls.iter().chain(&info.kills).copied().collect())
        }
        Kind::Set { var, info, .. } => (info.uses.clone(), vec![*var]),
        Kind::ForInit { info, list, index, .. } => (info.uses.clone(), vec![*list, *index]),
        Kind::Block { list, .. } => {
            let (uses, sets) = list_touches(ir, *list);
            (uses, sets.into_iter().collect())
        }
        Kind::If { info, binds, then, els, .. } => {
            let (mut uses, one) = list_touches(ir, *then);
            for var in binds {
                uses.remove(var);
            }
            let (more, two) = list_touches(ir, *els);
            uses.extend(more);
            uses.extend(&info.uses);
            (uses, one.intersection(&two).copied().collect())
        }
        Kind::Match { info, arms, .. } => {
            let (mut uses, mut sets): (Vars, Option<Vars>) = (info.uses.clone(), None);
            for arm in arms {
                let (more, set) = list_touches(ir, arm.list);
                uses.extend(more.iter().filter(|var| !arm.binds.contains(var)));
                sets = Some(match sets {
                    Some(sets) => sets.intersection(&set).copied().collect(),
                    None => set,
                });
            }
            (uses, sets.unwrap_or_default().into_iter().collect())
        }
        _ => (Vars::new(), Vec::new()),
    }
}

fn list_touches(ir: &Ir, list: usize) -> (Vars, Vars) {
    let (mut uses, mut sets) = (Vars::new(), Vars::new());
    for node in ir.lists.get(list).map(Vec::as_slice).unwrap_or_default() {
        let (more, set) = node_touches(ir, &node.kind);
        uses.extend(more.difference(&sets));
        sets.extend(set);
    }
    (uses, sets)
}

/// All variables that an effect may change.
pub(crate) fn changes(ir: &Ir, effect: &Effect) -> Vars {
    match effect {
        Effect::Node(node) => {
            ir.node(*node).map(|node| node_changes(ir, &node.kind)).unwrap_or_default()
        }
        other => touches(ir, other).1.into_iter().collect(),
    }
}

/// All variables that a node may change, inside its branches too.
pub(crate) fn node_changes(ir: &Ir, kind: &Kind) -> Vars {
    let list = |list: usize| -> Vars {
        let nodes = ir.lists.get(list).map(Vec::as_slice).unwrap_or_default();
        nodes.iter().flat_map(|node| node_changes(ir, &node.kind)).collect()
    };
    match kind {
        Kind::Stmt { info, .. } => {
            let mut all: Vars = info.decls.iter().chain(&info.kills).copied().collect();
            all.extend(&info.may);
            all.extend(
                info.uses.iter().filter(|var| ir.vars.get(**var).is_some_and(|var| var.mutable)),
            );
            all
        }
        Kind::Block { list: inner, .. } => list(*inner),
        Kind::If { then, els, .. } => list(*then).into_iter().chain(list(*els)).collect(),
        Kind::Match { arms, .. } => arms.iter().flat_map(|arm| list(arm.list)).collect(),
        other => node_touches(ir, other).1.into_iter().collect(),
    }
}
