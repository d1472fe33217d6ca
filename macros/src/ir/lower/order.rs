//! Evaluation order: what stands before a step in an expression is evaluated before it.

use super::{
    Flow, Lower,
    mentions::{is_compound, plain},
    step::Context,
};
use crate::ir::{Role, awaited};
use std::collections::BTreeSet;
use syn::{
    Expr, ExprAssign, ExprBinary, ExprMethodCall, ExprReference, UnOp,
    visit::{self, Visit},
};

impl Lower<'_> {
    /// Lowers operands in the order they are evaluated in. An operand before the last step goes to
    /// a temporary, unless its value can't change meanwhile and evaluating it can't fail.
    pub(super) fn operands(&mut self, operands: &mut [&mut Expr]) {
        let Some(last) = operands.iter().rposition(|operand| Flow::of_expr(operand).is_control())
        else {
            return;
        };
        for position in 0..=last {
            let Some((operand, rest)) =
                operands.get_mut(position..).and_then(|rest| rest.split_first_mut())
            else {
                return;
            };
            if Flow::of_expr(operand).is_control() {
                let expr = super::stmt::take(operand);
                **operand = self.expr(expr, Context::VALUE);
            }
            let changed = changed(rest.iter().map(|later| &**later));
            if position < last && !self.is_dead() && !is_stable(operand, &changed) {
                let expr = super::stmt::take(operand);
                **operand = self.hoist(expr);
            }
        }
    }

    /// Evaluates `expr` here.
    fn hoist(&mut self, expr: Expr) -> Expr {
        let span = syn::spanned::Spanned::span(&expr);
        let var = self.temporary('d', span, "value", Role::Value);
        self.give(expr, var, None);
        self.path(var)
    }
}

/// Whether `expr` means the same after later operands, which change the locals `changed`.
fn is_stable(expr: &Expr, changed: &BTreeSet<String>) -> bool {
    let stable = |expr: &Expr| is_stable(expr, changed);
    if awaited(expr).is_some() {
        return true;
    }
    match expr {
        Expr::Lit(_) | Expr::Closure(_) | Expr::Infer(_) => true,
        Expr::Path(_) => plain(expr).is_none_or(|name| !changed.contains(&name.to_string())),
        Expr::Paren(node) => stable(&node.expr),
        Expr::Field(node) => stable(&node.base),
        Expr::Reference(node) => stable(&node.expr),
        Expr::Unary(node) => {
            matches!(node.op, UnOp::Not(_) | UnOp::Deref(_)) && stable(&node.expr)
                || matches!(*node.expr, Expr::Lit(_))
        }
        Expr::Tuple(node) => node.elems.iter().all(stable),
        Expr::Array(node) => node.elems.iter().all(stable),
        Expr::Struct(node) => {
            node.rest.is_none() && node.fields.iter().all(|field| stable(&field.expr))
        }
        // a tuple struct or variant
        Expr::Call(node) => match &*node.func {
            Expr::Path(path) => {
                let last = path.path.segments.last();
                last.is_some_and(|last| last.ident.to_string().starts_with(char::is_uppercase))
                    && node.args.iter().all(stable)
            }
            _ => false,
        },
        _ => false,
    }
}

/// The locals that later operands may change.
fn changed<'a>(later: impl Iterator<Item = &'a Expr>) -> BTreeSet<String> {
    #[derive(Default)]
    struct Changed(BTreeSet<String>);

    impl Changed {
        fn place(&mut self, mut expr: &Expr) {
            loop {
                match expr {
                    Expr::Field(node) => expr = &node.base,
                    Expr::Index(node) => expr = &node.expr,
                    Expr::Paren(node) => expr = &node.expr,
                    expr => {
                        self.0.extend(plain(expr).map(ToString::to_string));
                        return;
                    }
                }
            }
        }
    }

    impl<'a> Visit<'a> for Changed {
        fn visit_expr_assign(&mut self, node: &'a ExprAssign) {
            self.place(&node.left);
            visit::visit_expr_assign(self, node);
        }

        fn visit_expr_binary(&mut self, node: &'a ExprBinary) {
            if is_compound(&node.op) {
                self.place(&node.left);
            }
            visit::visit_expr_binary(self, node);
        }

        fn visit_expr_reference(&mut self, node: &'a ExprReference) {
            if node.mutability.is_some() {
                self.place(&node.expr);
            }
            visit::visit_expr_reference(self, node);
        }

        fn visit_expr_method_call(&mut self, node: &'a ExprMethodCall) {
            // it may take `&mut self`
            self.place(&node.receiver);
            visit::visit_expr_method_call(self, node);
        }
    }

    let mut found = Changed::default();
    later.for_each(|expr| found.visit_expr(expr));
    found.0
}
