//! Variables: locals, parameters and temporaries, each with its name in the frame.

use super::FrameId;
use proc_macro2::Ident;
use syn::Type;

/// A local, a parameter or a temporary.
#[derive(Clone)]
pub(crate) struct Var {
    /// Its ident in the source, or the placeholder's.
    pub ident: Ident,
    /// Its name in the frame and in the definition: unique over the workflow, a legal ASL name.
    pub key: String,
    /// Declared `mut`, or initialised later than declared.
    pub mutable: bool,
    /// What it is.
    pub role: Role,
    /// How it may be held across an await.
    pub held: Held,
    /// The frame that owns it; frames inside read it but never write it.
    pub frame: FrameId,
    /// Its written type.
    pub ty: Option<Type>,
}

impl Var {
    /// Whether it is read from the execution's input and never stored.
    pub(crate) fn is_input(&self) -> bool {
        matches!(self.role, Role::Param(_)) && !self.mutable
    }
}

/// What a variable is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A parameter at this position. Unless `mutable` it is never stored: it is read from the
    /// execution's input.
    Param(usize),
    /// A local of the source.
    Local,
    /// The value of a step, `__tN.v` in expressions.
    Awaited,
    /// The same, of the type that a task or workflow returns: it is checked in that one's signature.
    Returned,
    /// The value of a lowered `if`, `match`, block or `loop`, `__dN` in expressions.
    Value,
    /// The item of a map, `__iN` in expressions.
    Item,
    /// The JSON list that a `for` walks. Not in expressions.
    List,
    /// The index of a `for`: the next item's. Not in expressions.
    Index,
}

impl Role {
    /// Whether the source has no ident for it.
    pub(crate) fn is_temporary(self) -> bool {
        !matches!(self, Self::Param(_) | Self::Local)
    }

    /// Whether it is the value of a step.
    pub(crate) fn is_awaited(self) -> bool {
        matches!(self, Self::Awaited | Self::Returned)
    }

    /// Whether it is kept as JSON and has no Rust type.
    pub(crate) fn is_raw(self) -> bool {
        matches!(self, Self::List | Self::Index)
    }
}

/// How a local may be held across an await, by syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// By value, or as its written type says.
    Value,
    /// Maybe a shared borrow: rustc's types decide at its first store.
    MaybeBorrow,
}
