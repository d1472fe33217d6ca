//! The states of a workflow and the ways between them.
//!
//! A step is a state; so is a branch that control decides by data, and the end of a frame. All
//! other nodes are *effects* on a way: their values are computed where the state before is left.
//! Invariant: what is a state, and what leads where, depends on syntax alone.

mod begin;
mod live;
mod outcome;
mod walk;

pub(crate) use begin::{Begin, begin, late};
pub(crate) use live::{changes, live, node_changes, value};
pub(crate) use outcome::{Side, arms, inner};
pub(crate) use walk::graph;

use crate::ir::{FrameId, ListId, NodeId, SegmentId, VarId, Vars};
use std::collections::BTreeMap;

/// Where control stands: a place in a list, and the places where it goes on after that falls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Position(Vec<(ListId, usize)>);

/// The graph.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// The states.
    pub states: BTreeMap<NodeId, State>,
    /// How each frame begins.
    pub starts: Vec<Way>,
    /// Segments with a cycle that passes no state.
    pub endless: Vec<SegmentId>,
}

/// A state.
#[derive(Debug)]
pub(crate) struct State {
    /// The frame that it belongs to.
    pub frame: FrameId,
    /// What it is.
    pub kind: StateKind,
}

/// What a state is.
#[derive(Debug)]
pub(crate) enum StateKind {
    /// A task, a wait, a join or a map.
    Step {
        /// The way after success; `None` where nothing runs after it.
        next: Option<Way>,
        /// What becomes of failures.
        caught: Caught,
    },
    /// A decision: the first rule that is true wins.
    Choice {
        /// The rules.
        rules: Vec<Rule>,
        /// The way where none is true.
        default: Option<Way>,
    },
    /// The end of the frame.
    End,
}

/// What becomes of the failures of a step.
#[derive(Debug)]
pub(crate) enum Caught {
    /// They go up.
    Up,
    /// The error becomes data and goes the way of success.
    Data,
    /// The frame ends there with the error: as data, or failing with what it is converted to.
    Leaves,
    /// Each arm catches its errors.
    Arms(Vec<(Side, Way)>),
}

/// A rule of a Choice.
#[derive(Debug)]
pub(crate) struct Rule {
    /// What it tests.
    pub test: Test,
    /// The way if it is true.
    pub way: Way,
}

/// What a rule tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Test {
    /// The condition of an `If` node.
    Condition(NodeId),
    /// Whether the value of a `Match` or `LetElse` node fits this arm.
    Arm(NodeId, usize),
    /// Whether the `for` of this node has another item.
    More(NodeId),
}

/// A way to a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Way {
    /// What happens on it, in order.
    pub effects: Vec<Effect>,
    /// The state that it leads to.
    pub to: NodeId,
}

/// What happens on a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    /// A node's own code: a statement, the value of a branch, a pure branch, the start of a `for`.
    Node(NodeId),
    /// What a test has bound.
    Bind(Test),
    /// What the pattern in `Ok(..)` or `Err(..)` of this arm binds.
    Outcome(NodeId, usize),
    /// The value goes to the variable.
    Set(VarId),
}

impl Graph {
    /// All ways that leave a state.
    pub(crate) fn ways(state: &State) -> Vec<&Way> {
        match &state.kind {
            StateKind::Step { next, caught } => {
                let arms: &[(Side, Way)] = match caught {
                    Caught::Arms(arms) => arms,
                    _ => &[],
                };
                next.iter().chain(arms.iter().map(|(_, way)| way)).collect()
            }
            StateKind::Choice { rules, default } => {
                rules.iter().map(|rule| &rule.way).chain(default).collect()
            }
            StateKind::End => Vec::new(),
        }
    }

    /// How many ways lead to a state.
    pub(crate) fn arrivals(&self, node: NodeId) -> usize {
        let ways = self.states.values().flat_map(Self::ways).chain(&self.starts);
        ways.filter(|way| way.to == node).count()
    }

    /// The variables alive where each state is entered.
    pub(crate) fn live(&self, ir: &crate::ir::Ir) -> BTreeMap<NodeId, Vars> {
        live(self, ir)
    }
}
