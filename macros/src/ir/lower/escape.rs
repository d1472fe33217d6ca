//! Native fragments: what they mention, and how `return`, `break` and `continue` inside their
//! loops leave them.

use super::{Lower, Target};
use crate::ir::{Info, SegmentId, VarId, Vars, check::is_spawn};
use proc_macro2::Span;
use syn::{
    Expr, ExprAsync, ExprBlock, ExprCall, ExprClosure, ExprForLoop, ExprLoop, ExprTry, ExprWhile,
    Item, Label, Lifetime, Stmt,
    spanned::Spanned as _,
    visit::Visit as _,
    visit_mut::{self, VisitMut},
};

/// Replaces jumps out of a native fragment.
struct Escapes<'l, 'e> {
    lower: &'l mut Lower<'e>,
    /// The native loops and labelled blocks around: their labels, and whether they are loops.
    native: Vec<(Option<String>, bool)>,
    jumps: Vec<SegmentId>,
    given: Vars,
    leaves: bool,
}

impl Lower<'_> {
    /// What an expression mentions; jumps out of its native loops are replaced.
    pub(super) fn escaped(&mut self, expr: &mut Expr) -> Info {
        let info = self.mentions(|found| found.visit_expr(expr));
        self.escape(info, |escapes| escapes.visit_expr_mut(expr))
    }

    /// The same for a statement.
    pub(super) fn escaped_stmt(&mut self, stmt: &mut Stmt) -> Info {
        let info = self.mentions(|found| found.visit_stmt(stmt));
        self.escape(info, |escapes| escapes.visit_stmt_mut(stmt))
    }

    fn escape(&mut self, info: Info, visit: impl FnOnce(&mut Escapes<'_, '_>)) -> Info {
        let mut escapes = Escapes {
            lower: self,
            native: Vec::new(),
            jumps: Vec::new(),
            given: Vars::new(),
            leaves: false,
        };
        visit(&mut escapes);
        let (jumps, given, leaves) = (escapes.jumps, escapes.given, escapes.leaves);
        Info { jumps, given, leaves, ..info }
    }

    /// What `break` or `continue` with this label means.
    pub(super) fn target(&self, label: Option<&Lifetime>, must_loop: bool) -> Option<&Target> {
        let mut around = self.targets.iter().rev().filter(|target| target.frame == self.frame);
        match label {
            Some(label) => {
                let name = label.ident.to_string();
                around.find(|target| target.label.as_ref() == Some(&name))
            }
            // an unlabelled `break` never ends a labelled block
            None => around.find(|target| !must_loop || target.head.is_some()),
        }
    }
}

impl Escapes<'_, '_> {
    fn within(&mut self, label: Option<&Label>, is_loop: bool, inside: impl FnOnce(&mut Self)) {
        self.native.push((label.map(|label| label.name.ident.to_string()), is_loop));
        inside(self);
        self.native.pop();
    }

    fn is_native(&self, label: Option<&Lifetime>) -> bool {
        match label {
            Some(label) => {
                let name = label.ident.to_string();
                self.native.iter().any(|(native, _)| native.as_ref() == Some(&name))
            }
            // an unlabelled `break` never ends a labelled block
            None => self.native.iter().any(|(_, is_loop)| *is_loop),
        }
    }

    fn goto(&mut self, segment: SegmentId, value: Option<(Expr, VarId)>, span: Span) -> Expr {
        self.jumps.push(segment);
        match value {
            Some((value, var)) => {
                self.given.insert(var);
                let place = self.lower.path(var);
                syn::parse_quote_spanned!(span=> { let #place = #value; __goto!(#segment, #var) })
            }
            None => syn::parse_quote_spanned!(span=> __goto!(#segment)),
        }
    }

    fn replaced(&mut self, expr: &mut Expr) -> Option<Expr> {
        let span = expr.span();
        match expr {
            Expr::Return(ret) => {
                self.leaves = true;
                let frame = self.lower.frame;
                let value = ret.expr.take().map_or_else(|| syn::parse_quote!(()), |value| *value);
                Some(syn::parse_quote_spanned!(span=> __leave!(#frame, #value)))
            }
            Expr::Break(node) if !self.is_native(node.label.as_ref()) => {
                let target = self.lower.target(node.label.as_ref(), true)?;
                let (after, var) = (target.after, target.value);
                let value = node.expr.take().map(|value| *value).zip(var);
                Some(self.goto(after, value, span))
            }
            Expr::Continue(node) if !self.is_native(node.label.as_ref()) => {
                let head = self.lower.target(node.label.as_ref(), true)?.head?;
                Some(self.goto(head, None, span))
            }
            _ => None,
        }
    }
}

impl VisitMut for Escapes<'_, '_> {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        if let Some(replaced) = self.replaced(expr) {
            *expr = replaced;
        }
    }

    fn visit_expr_try_mut(&mut self, node: &mut ExprTry) {
        // a `?` on a step's value is the step's failure, which goes up by itself
        self.leaves |= crate::ir::awaited(&node.expr).is_none();
        visit_mut::visit_expr_try_mut(self, node);
    }

    fn visit_expr_loop_mut(&mut self, node: &mut ExprLoop) {
        let label = node.label.clone();
        self.within(label.as_ref(), true, |inside| visit_mut::visit_expr_loop_mut(inside, node));
    }

    fn visit_expr_while_mut(&mut self, node: &mut ExprWhile) {
        let label = node.label.clone();
        self.within(label.as_ref(), true, |inside| visit_mut::visit_expr_while_mut(inside, node));
    }

    fn visit_expr_for_loop_mut(&mut self, node: &mut ExprForLoop) {
        let label = node.label.clone();
        self.within(label.as_ref(), true, |inside| {
            visit_mut::visit_expr_for_loop_mut(inside, node);
        });
    }

    fn visit_expr_block_mut(&mut self, node: &mut ExprBlock) {
        let label = node.label.clone();
        self.within(label.as_ref(), false, |inside| visit_mut::visit_expr_block_mut(inside, node));
    }

    fn visit_expr_closure_mut(&mut self, _: &mut ExprClosure) {}

    fn visit_expr_call_mut(&mut self, node: &mut ExprCall) {
        if !is_spawn(&node.func) {
            visit_mut::visit_expr_call_mut(self, node);
        }
    }

    fn visit_expr_async_mut(&mut self, node: &mut ExprAsync) {
        self.lower.refuse_async_block(node);
    }

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
