//! Nodes: the statements, branches and steps of a segment.

use super::{FrameId, ListId, NodeId, SegmentId, VarId, Vars};
use proc_macro2::{Ident, Span};
use syn::{Expr, Pat, Stmt, Type};

/// A node.
#[derive(Clone)]
pub(crate) struct Node {
    /// Its identity; state names hang on it.
    pub id: NodeId,
    /// Where it is written: line and column of its first token.
    pub span: Span,
    /// What it does.
    pub kind: Kind,
}

/// What a fragment of native code does with variables of the workflow.
#[derive(Debug, Clone, Default)]
pub(crate) struct Info {
    /// Read, borrowed or moved.
    pub uses: Vars,
    /// Declared.
    pub decls: Vec<VarId>,
    /// Wholly overwritten, whatever happens.
    pub kills: Vec<VarId>,
    /// Wholly overwritten, perhaps.
    pub may: Vars,
    /// Segments that a `break` or `continue` inside native code jumps to.
    pub jumps: Vec<SegmentId>,
    /// What those jumps give a value to: `break value`.
    pub given: Vars,
    /// It may leave the frame: a `?` on something pure, or a `return` inside a native loop.
    pub leaves: bool,
}

/// What a branching node was in the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// `if`, with or without `let`.
    If,
    /// `while`, with or without `let`: the head of a loop.
    While,
    /// `a && b.await` or `a || b.await`.
    ShortCircuit,
}

/// How the value of a step is used, by syntax.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Used {
    /// Anything else: the value, also a `Result` kept as data. A task that can fail catches its
    /// declared variants.
    Value,
    /// `?` follows at once, there: failures go up by themselves, unless it converts the error.
    Tried(Span),
    /// It is the scrutinee of a `match`, `if let`, `while let` or `let else`, maybe by `&`.
    Matched,
    /// It is the value of a frame that [`super::Ends::Fails`]: failures go up by themselves.
    Returned,
    /// It is dropped: `task().await;`.
    Dropped,
}

/// An arm of a match.
#[derive(Clone)]
pub(crate) struct Arm {
    /// Its pattern.
    pub pat: Pat,
    /// Its guard.
    pub guard: Option<Expr>,
    /// What the pattern binds.
    pub binds: Vec<VarId>,
    /// Its code.
    pub list: ListId,
}

/// What a step does, by syntax.
#[derive(Clone)]
pub(crate) enum Step {
    /// A task or a child workflow.
    Call,
    /// `sleep(duration)`, of ours or of tokio.
    Sleep(Expr),
    /// `sleep_until(timestamp)`.
    SleepUntil(Expr),
}

/// A call that is awaited.
#[derive(Clone)]
pub(crate) struct Await {
    /// What it does.
    pub step: Step,
    /// The call with its options, e.g. `charge(&order).retry(2)`.
    pub expr: Expr,
    /// Of `expr`.
    pub info: Info,
    /// The written type of the value.
    pub typed: Option<Type>,
    /// The value.
    pub value: VarId,
    /// Where the frame goes on, with the result or a caught failure.
    pub resume: SegmentId,
    /// How the value is used.
    pub used: Used,
}

/// What runs at the same time.
#[derive(Debug, Clone)]
pub(crate) struct Spawned {
    /// The branches, or the one body of a map.
    pub frames: Vec<FrameId>,
    /// `try_join!` and its kind: the first failure ends it; the value is a `Result`.
    pub fails_fast: bool,
    /// The value: a tuple, or a `Vec` of a map; in a `Result` if `fails_fast`.
    pub value: VarId,
    /// Where the frame goes on.
    pub resume: SegmentId,
    /// How the value is used.
    pub used: Used,
}

/// What a node does.
#[derive(Clone)]
pub(crate) enum Kind {
    /// Native code without a step. A deferred `let x;` is one, too.
    Stmt { stmt: Stmt, info: Info },
    /// The value of a branch goes to `var`, which the fragment declares unless `falls`: then the
    /// list is that of a falling node with this `value`, and this is its tail.
    Set { var: VarId, expr: Expr, info: Info, falls: bool },
    /// A two-way branch; `cond` may be a chain of `let`s that bind `binds` for `then`.
    If {
        origin: Origin,
        cond: Expr,
        info: Info,
        binds: Vec<VarId>,
        then: ListId,
        els: ListId,
        falls: bool,
        value: Option<VarId>,
    },
    /// A many-way branch; `info` includes the guards.
    Match { scrutinee: Expr, info: Info, arms: Vec<Arm>, falls: bool, value: Option<VarId> },
    /// `let pat = expr else { els };` control goes on after it if the pattern fits.
    LetElse { stmt: Stmt, info: Info, els: ListId },
    /// A block with a scope of its own that falls.
    Block { list: ListId, value: Option<VarId> },
    /// Evaluates what a `for` walks, to `list`, and sets `index` to 0. `item` names its slot.
    ForInit { expr: Expr, info: Info, item: Ident, list: VarId, index: VarId },
    /// Takes the next item, or goes to `els`. The index is raised at once.
    ForHead {
        pat: Pat,
        item: Ident,
        list: VarId,
        index: VarId,
        binds: Vec<VarId>,
        body: ListId,
        els: ListId,
    },
    /// A jump.
    Goto(SegmentId),
    /// A task, a child workflow or a wait.
    Await(Box<Await>),
    /// `join!` and `try_join!`.
    Spawn(Spawned),
    /// `join_all`, `try_join_all`, buffered streams: one frame for each of `items`.
    Map { items: Expr, info: Info, item: VarId, limit: Option<Expr>, spawned: Spawned },
    /// The end of a frame.
    Ret { expr: Expr, info: Info, frame: FrameId },
}

impl Kind {
    /// Whether control never goes on to the node after this one.
    pub(crate) fn terminates(&self) -> bool {
        match self {
            Self::Goto(_)
            | Self::Await(_)
            | Self::Spawn(_)
            | Self::Map { .. }
            | Self::Ret { .. }
            | Self::ForHead { .. } => true,
            Self::If { falls, .. } | Self::Match { falls, .. } => !falls,
            Self::Stmt { .. }
            | Self::Set { .. }
            | Self::LetElse { .. }
            | Self::Block { .. }
            | Self::ForInit { .. } => false,
        }
    }

    /// What the node's own fragment mentions; branches aside.
    pub(crate) fn info(&self) -> Option<&Info> {
        match self {
            Self::Stmt { info, .. }
            | Self::Set { info, .. }
            | Self::If { info, .. }
            | Self::Match { info, .. }
            | Self::LetElse { info, .. }
            | Self::ForInit { info, .. }
            | Self::Map { info, .. }
            | Self::Ret { info, .. } => Some(info),
            Self::Await(step) => Some(&step.info),
            Self::Block { .. } | Self::ForHead { .. } | Self::Goto(_) | Self::Spawn(_) => None,
        }
    }
}
