//! Mistakes that are told in the body, in the place of an expression.
//!
//! An error that stands instead of the expression has no type, so that nothing that reads its value
//! seems wrong. Where rustc may have more to say of the expression, it stays, with a question to its
//! type.

use super::{Errors, Mistake, ends};
use proc_macro2::{LineColumn, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Block, Expr, Stmt,
    visit_mut::{self, VisitMut},
};

/// Where an expression stands, and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    range: Range,
    how: How,
}

/// What becomes of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// The error stands there instead.
    Hidden,
    /// Its type is asked: rustc may report that there is no such function or method. This is the help
    /// where it is no call that lacks its `.await`.
    Called(&'static str),
    /// Its type is asked: rustc may report that it is no `Result`.
    Returned,
}

/// Where tokens begin and end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Range(LineColumn, LineColumn);

impl Range {
    fn of(tokens: impl ToTokens) -> Self {
        let (first, last) = ends(tokens);
        Self(first.start(), last.end())
    }
}

impl Place {
    pub(super) fn of(expr: impl ToTokens, how: How) -> Self {
        Self { range: Range::of(expr), how }
    }
}

impl Errors {
    /// Moves mistakes into the body that have their place there. `asked` makes the expression whose
    /// type is asked.
    pub(crate) fn put_in(
        &mut self,
        body: &mut Block,
        asked: &dyn Fn(&Mistake, How, &Expr) -> Expr,
    ) {
        let (placed, others) =
            std::mem::take(&mut self.found).into_iter().partition(|found| found.place.is_some());
        self.found = others;
        let mut placing = Placing { mistakes: placed, asked };
        if !placing.mistakes.is_empty() {
            placing.visit_block_mut(body);
        }
        // what stands in a macro's arguments, or in an expression that is gone
        self.found.append(&mut placing.mistakes);
    }
}

struct Placing<'a> {
    mistakes: Vec<Mistake>,
    asked: &'a dyn Fn(&Mistake, How, &Expr) -> Expr,
}

impl Placing<'_> {
    /// Takes the mistakes of these tokens out that `are` such.
    fn take(&mut self, tokens: impl ToTokens, are: impl Fn(How) -> bool) -> Vec<Mistake> {
        let range = Range::of(tokens);
        let is_here = |mistake: &Mistake| {
            mistake.place.is_some_and(|place| place.range == range && are(place.how))
        };
        let (here, others) =
            std::mem::take(&mut self.mistakes).into_iter().partition(|each| is_here(each));
        self.mistakes = others;
        here
    }

    /// The errors that stand for these tokens.
    fn errors(&mut self, tokens: impl ToTokens) -> Option<Expr> {
        let here = self.take(tokens, |how| how == How::Hidden);
        let mut errors = here.iter().map(Mistake::to_expression);
        let first = errors.next()?;
        let errors: Vec<TokenStream> = errors.collect();
        Some(Expr::Verbatim(if errors.is_empty() {
            first
        } else {
            quote!(({ #(#errors;)* #first }))
        }))
    }
}

impl VisitMut for Placing<'_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Some(errors) = self.errors(&*expr).or_else(|| self.errors(target(expr)?)) {
            *expr = errors;
            return;
        }
        let asked = self.take(&*expr, |how| how != How::Hidden);
        visit_mut::visit_expr_mut(self, expr);
        if let Some(mistake) = asked.first()
            && let Some(place) = mistake.place
        {
            *expr = (self.asked)(mistake, place.how, expr);
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(node) = &*stmt
            && let Some(errors) = self.errors(&node.mac)
        {
            *stmt = Stmt::Expr(errors, node.semi_token);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }
}

/// What an assignment changes: without it there is no assignment.
fn target(expr: &Expr) -> Option<&Expr> {
    match expr {
        Expr::Assign(node) => Some(&node.left),
        Expr::Binary(node) => Some(&node.left),
        _ => None,
    }
}
