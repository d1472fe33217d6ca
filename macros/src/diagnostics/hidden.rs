//! Expressions that stand in the body no more after a mistake: the error stands there instead, and has
//! no type, so that nothing that reads its value seems wrong.

use super::{Errors, Mistake};
use proc_macro2::{LineColumn, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    Block, Expr, Stmt,
    visit_mut::{self, VisitMut},
};

/// Where an expression begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range(LineColumn, LineColumn);

impl Range {
    pub(super) fn of(tokens: impl ToTokens) -> Option<Self> {
        let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
        let first = spans.next()?;
        Some(Self(first.start(), spans.last().unwrap_or(first).end()))
    }
}

impl Errors {
    /// Moves mistakes into the body, each in the place of the expression that it hides.
    pub(crate) fn hide_in(&mut self, body: &mut Block) {
        let (hiding, others) =
            std::mem::take(&mut self.found).into_iter().partition(|found| found.hides.is_some());
        self.found = others;
        let mut hidden = Hidden { mistakes: hiding };
        if !hidden.mistakes.is_empty() {
            hidden.visit_block_mut(body);
        }
        // of one inside another only the outer is gone
        self.found.append(&mut hidden.mistakes);
    }
}

struct Hidden {
    mistakes: Vec<Mistake>,
}

impl Hidden {
    /// The errors that stand for these tokens.
    fn errors(&mut self, tokens: impl ToTokens) -> Option<TokenStream> {
        let range = Range::of(tokens)?;
        let (here, others): (Vec<_>, _) = std::mem::take(&mut self.mistakes)
            .into_iter()
            .partition(|mistake| mistake.hides == Some(range));
        self.mistakes = others;
        let mut errors = here.iter().map(Mistake::to_expression);
        let first = errors.next()?;
        let errors: Vec<_> = errors.collect();
        Some(if errors.is_empty() { first } else { quote!(({ #(#errors;)* #first })) })
    }
}

impl VisitMut for Hidden {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        let errors = self.errors(&*expr).or_else(|| self.errors(target(expr)?));
        match errors {
            Some(errors) => *expr = Expr::Verbatim(errors),
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }

    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Macro(node) = &*stmt
            && let Some(errors) = self.errors(&node.mac)
        {
            *stmt = Stmt::Expr(Expr::Verbatim(errors), node.semi_token);
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
