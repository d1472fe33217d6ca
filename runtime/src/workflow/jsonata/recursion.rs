//! Values of types that hold themselves: the expression over one is a function that calls itself.

use super::{look::Look, term::Term};
use crate::workflow::{Shape, Variant};
use std::any::TypeId;

/// The functions that an expression stands in, by the type that they take.
#[derive(Debug, Default)]
pub(super) struct Functions(Vec<(TypeId, Term)>);

/// A function whose body is still to be written.
#[derive(Debug)]
pub(super) struct Function {
    name: Term,
    /// The value in its body.
    pub(super) parameter: Term,
}

impl Functions {
    /// Whether one of them takes this type.
    pub(super) fn take(&self, id: TypeId) -> bool {
        self.0.iter().any(|(known, _)| *known == id)
    }

    /// The call of the one that takes this type, if there is one.
    pub(super) fn again(&self, id: TypeId, value: &Term) -> Option<Term> {
        let (_, name) = self.0.iter().find(|(known, _)| *known == id)?;
        Some(Term::again(name, value))
    }

    /// The variants, from the one that is asked for last to the first. Those that lead on are asked
    /// for first: each question takes a level.
    pub(super) fn asked_for(&self, variants: &'static [Variant]) -> Vec<&'static Variant> {
        let is_taken = |look: &Look| match look {
            Look::Data(id, _) if self.take(*id) => Some(true),
            _ => None,
        };
        let (on, ends): (Vec<_>, Vec<_>) = variants
            .iter()
            .rev()
            .partition(|variant| variant.shape.parts().iter().any(|part| part.reaches(&is_taken)));
        ends.into_iter().chain(on).collect()
    }

    /// Begins a function if the type holds itself. What one of these functions takes is no part of
    /// it: it is called there.
    pub(super) fn begin(&mut self, id: TypeId, shape: &Shape, value: &Term) -> Option<Function> {
        let is_sought = |look: &Look| match look {
            Look::Data(known, _) if *known == id => Some(true),
            Look::Data(known, _) if self.take(*known) => Some(false),
            _ => None,
        };
        if !shape.parts().iter().any(|part| part.reaches(&is_sought)) {
            return None;
        }
        let name = Term::parameter("whole");
        self.0.push((id, name.clone()));
        Some(Function { name, parameter: Term::item("value", value) })
    }

    /// Ends the function that was begun last; gives its call. What lies too deep for its body is
    /// `deepest`.
    pub(super) fn end(
        &mut self,
        Function { name, parameter }: Function,
        body: &Term,
        deepest: &Term,
        value: &Term,
    ) -> Term {
        self.0.pop();
        Term::recursive((name, parameter), body, deepest, value)
    }
}
