//! The names of states: which nodes are states of the graph, and what each is called.

use crate::ir::{FrameId, NodeId};
use std::collections::BTreeMap;

/// The states of a workflow.
///
/// Native code reports a state where control enters its node. An [`crate::ir::Kind::Await`],
/// `Spawn` and `Map` node always is a state.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// The state that a node is; nodes without one are folded into others.
    pub states: BTreeMap<NodeId, String>,
    /// The StartAt of each frame.
    pub starts: BTreeMap<FrameId, String>,
}
