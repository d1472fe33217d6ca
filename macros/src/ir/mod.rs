//! What a workflow's body means: segments of native code, cut at every `.await`, as data.
//!
//! A **segment** is what runs natively from one await to the next. Its code is a **list** of nodes;
//! control flow that holds an await or leaves the body is a node, everything else stays one
//! [`Kind::Stmt`] with the user's own tokens. Nothing is renamed: a shadowed local keeps its ident
//! and has another [`Var::key`], which is its name in the frame and in the exported definition.
//!
//! An awaited value stands in later expressions as a placeholder, see [`awaited`].
//!
//! Native loops that leave themselves hold `__goto!(segment)`, `__goto!(segment, var)` and
//! `__leave!(frame, value)` instead of `break`, `continue` and `return`; see [`Info::jumps`] and
//! [`Info::leaves`].
//!
//! Invariant: a list ends in a terminator ([`Kind::terminates`]), or it *falls*: control goes on at
//! the node after the one that owns the list. Only lists without any await inside may fall.

pub(crate) mod check;
pub(crate) mod lower;
mod node;
mod var;

pub(crate) use node::{Arm, Await, Info, Kind, Node, Origin, Spawned, Step, Used};
pub(crate) use var::{Held, Role, Var};

use proc_macro2::Ident;
use std::collections::BTreeSet;
use syn::{Expr, Member, Type};

/// Index of a variable in [`Ir::vars`].
pub(crate) type VarId = usize;
/// Index of a segment in [`Ir::segments`].
pub(crate) type SegmentId = usize;
/// Index of a list of nodes in [`Ir::lists`].
pub(crate) type ListId = usize;
/// Index of a frame in [`Ir::frames`].
pub(crate) type FrameId = usize;
/// Identifies a node over the whole workflow, ascending in the order of the source.
pub(crate) type NodeId = usize;
/// A set of variables.
pub(crate) type Vars = BTreeSet<VarId>;

/// The body of a workflow.
#[derive(Default)]
pub(crate) struct Ir {
    /// Every local, parameter and temporary, in the order of declaration; the parameters first.
    pub vars: Vec<Var>,
    /// How many of `vars` are parameters.
    pub params: usize,
    /// Pieces of native code that run without stopping.
    pub segments: Vec<Segment>,
    /// Segments in the order of the source: inference needs the arms in that order.
    pub order: Vec<SegmentId>,
    /// Trees of nodes.
    pub lists: Vec<Vec<Node>>,
    /// The body (0), branches of joins and bodies of maps.
    pub frames: Vec<Frame>,
}

/// Native code from where a frame resumes to its next step.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    /// Its code.
    pub list: ListId,
    /// The frame that runs it.
    pub frame: FrameId,
    /// What is bound at its start.
    pub entry: Entry,
}

/// How a segment is reached, and what it binds there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    /// The start of a frame; a map's body binds the item.
    Begin(Option<VarId>),
    /// A jump from within the frame: a join of branches or the head of a loop.
    Jump,
    /// The result, or the caught failure, of the step `node` of this frame, bound to the variable.
    Resume(NodeId, VarId),
}

/// A region of states with variables of its own.
#[derive(Clone)]
pub(crate) struct Frame {
    /// Where it begins.
    pub entry: SegmentId,
    /// What an `Err` at its end means.
    pub ends: Ends,
    /// What `?` in it returns.
    pub carrier: Carrier,
    /// The written type of its value: the return type, or that of a closure or block if one stands.
    pub ty: Option<Type>,
}

/// What the value at a frame's end becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    /// `Ok(v)` gives `v`, `Err(e)` fails the frame by the variant's name; another type gives itself.
    Fails,
    /// The value itself is the output, a `Result` as `{"Ok": ..}` or `{"Err": ..}`.
    Data,
}

/// The type that `?` leaves a frame with; what syntax says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carrier {
    /// No `?` in it.
    None,
    /// `Result`.
    Result,
    /// `Option`.
    Option,
}

impl Ir {
    /// The node with this id, wherever it stands.
    pub(crate) fn node(&self, id: NodeId) -> Option<&Node> {
        self.lists.iter().flatten().find(|node| node.id == id)
    }

    /// The variable that an ident means in a fragment with this `info`: the one it uses, assigns or
    /// declares. Idents of locals inside a pure fragment give `None`.
    pub(crate) fn resolve(&self, info: &Info, ident: &Ident) -> Option<VarId> {
        let named = |id: &&VarId| self.vars.get(**id).is_some_and(|var| var.ident == *ident);
        (info.uses.iter().chain(&info.may).find(named))
            .or_else(|| info.kills.iter().find(named))
            .copied()
    }

    /// The variable that a placeholder stands for: placeholders are unique.
    pub(crate) fn placeholder(&self, ident: &Ident) -> Option<VarId> {
        self.vars.iter().position(|var| var.ident == *ident && var.role.is_temporary())
    }
}

/// The temporary behind `__tN.v`, the placeholder of an awaited value, also inside parentheses.
///
/// Its first token has the span of the call's first token and `v` that of the `await`, so the
/// expression's span is that of the whole awaited call.
pub(crate) fn awaited(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Paren(inner) => awaited(&inner.expr),
        Expr::Field(field) if matches!(&field.member, Member::Named(name) if name == "v") => {
            match &*field.base {
                Expr::Path(path) => {
                    path.path.get_ident().filter(|name| name.to_string().starts_with("__t"))
                }
                _ => None,
            }
        }
        _ => None,
    }
}
