//! The names of states: which nodes are states of the graph, and what each is called.

use crate::ir::{FrameId, NodeId};
use std::collections::{BTreeMap, BTreeSet};

/// The states of a workflow.
///
/// Native code reports a state where control enters its node, before it evaluates anything of it.
/// An [`crate::ir::Kind::Await`], `Spawn` and `Map` node always is a state. A `Ret` node's state may
/// be missing in the definition (its value is then the Output of the step before): native code
/// reports it all the same and the report counts only if the definition has the state.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The state that a node is; nodes without one are folded into others.
    pub states: BTreeMap<NodeId, String>,
    /// The StartAt of each frame: entered where the frame begins, before any of its code runs.
    pub starts: BTreeMap<FrameId, String>,
    /// Nodes whose state is their frame's StartAt and was entered there, with the code before them:
    /// not to be reported again.
    pub silent: BTreeSet<NodeId>,
    /// Steps in a frame whose `Err` is data: where `?` leaves it after a caught failure. To be
    /// reported when the step's catcher goes there.
    pub leaves: BTreeMap<NodeId, String>,
}
