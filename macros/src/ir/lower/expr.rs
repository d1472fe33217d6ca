//! Expressions with steps or exits inside: those become nodes, in evaluation order, and what is
//! left is an expression without any.

use super::{Flow, Lower, To, inspect, mentions::is_compound, step::Context, stmt::take};
use crate::{
    diagnostics::Code,
    ir::{Origin, Role, VarId},
};
use syn::{BinOp, Expr, ExprAsync, ExprBinary, Type, UnOp, spanned::Spanned as _};

impl Lower<'_> {
    /// The expression without steps and exits; `context` says what becomes of its value.
    pub(super) fn expr(&mut self, expr: Expr, context: Context) -> Expr {
        if self.is_dead() || !Flow::of_expr(&expr).is_control() {
            return expr;
        }
        match expr {
            Expr::Await(node) => self.await_(node, &context),
            Expr::Try(mut node) => {
                *node.expr =
                    self.expr(take(&mut node.expr), Context::Tried(node.question_token.span));
                Expr::Try(node)
            }
            Expr::Paren(mut node) => {
                *node.expr = self.expr(take(&mut node.expr), context);
                Expr::Paren(node)
            }
            Expr::Reference(mut node) => {
                let context = match context {
                    Context::Matched => Context::Matched,
                    _ => Context::VALUE,
                };
                *node.expr = self.expr(take(&mut node.expr), context);
                Expr::Reference(node)
            }
            Expr::Macro(node) => self.macro_(&node, &context),
            Expr::Binary(node) if is_lazy(&node) && Flow::of_expr(&node.right).is_control() => {
                self.lazy(node)
            }
            Expr::Return(node) => {
                self.return_(node);
                unit()
            }
            expr @ (Expr::Break(_) | Expr::Continue(_)) => {
                self.jump(expr);
                unit()
            }
            Expr::While(_) | Expr::ForLoop(_) => {
                self.control(expr, &To::Nothing);
                unit()
            }
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_) => {
                let ty = match context {
                    Context::Value(ty) => ty,
                    _ => None,
                };
                let var = self.temporary('d', expr.span(), "value", Role::Value);
                self.control(expr, &To::Value(var, ty));
                self.path(var)
            }
            Expr::Async(node) => {
                self.refuse_async_block(&node);
                unit()
            }
            expr => self.compound(expr),
        }
    }

    /// Lowers a control expression whose value goes to `var`; another one is given back.
    pub(super) fn expr_into(
        &mut self,
        expr: Expr,
        var: VarId,
        ty: Option<Box<Type>>,
    ) -> Option<Expr> {
        match expr {
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) | Expr::Loop(_) => {
                self.control(expr, &To::Value(var, ty));
                None
            }
            expr => Some(self.expr(expr, Context::Value(ty))),
        }
    }

    /// An expression of operands that are all evaluated.
    fn compound(&mut self, mut expr: Expr) -> Expr {
        match &mut expr {
            Expr::Unary(node) => self.operands(&mut [&mut *node.expr]),
            Expr::Field(node) => self.operands(&mut [&mut *node.base]),
            Expr::Cast(node) => self.operands(&mut [&mut *node.expr]),
            Expr::Index(_) => self.places(&mut expr, &mut []),
            // the value is evaluated before the place
            Expr::Assign(node) => {
                self.operands(&mut [&mut *node.right]);
                self.places(&mut node.left, &mut []);
            }
            Expr::Binary(node) if is_compound(&node.op) => {
                self.operands(&mut [&mut *node.right]);
                self.places(&mut node.left, &mut []);
            }
            Expr::Binary(node) => self.operands(&mut [&mut *node.left, &mut *node.right]),
            Expr::Call(node) => self.operands(&mut node.args.iter_mut().collect::<Vec<_>>()),
            Expr::MethodCall(node) => {
                self.places(&mut node.receiver, &mut node.args.iter_mut().collect::<Vec<_>>());
            }
            Expr::Tuple(node) => self.operands(&mut node.elems.iter_mut().collect::<Vec<_>>()),
            Expr::Array(node) => self.operands(&mut node.elems.iter_mut().collect::<Vec<_>>()),
            Expr::Repeat(node) => self.operands(&mut [&mut *node.expr]),
            Expr::Struct(node) => {
                let fields = node.fields.iter_mut().map(|field| &mut field.expr);
                self.operands(&mut fields.chain(node.rest.as_deref_mut()).collect::<Vec<_>>());
            }
            Expr::Range(node) => {
                let ends = node.start.as_deref_mut().into_iter().chain(node.end.as_deref_mut());
                self.operands(&mut ends.collect::<Vec<_>>());
            }
            _ => {
                self.errors
                    .push(&expr, Code::Body, "`.await` can't stand here in a workflow")
                    .help("bind the result with `let` first");
            }
        }
        expr
    }

    /// Operands after a receiver. One that is a place is borrowed after them and stays where it is;
    /// only what it is indexed by is evaluated before.
    fn places(&mut self, receiver: &mut Expr, others: &mut [&mut Expr]) {
        let mut all = Vec::new();
        place(receiver, &mut all);
        all.extend(others.iter_mut().map(|other| &mut **other));
        self.operands(&mut all);
    }

    /// `a && b.await`, `a || b.await`.
    fn lazy(&mut self, node: ExprBinary) -> Expr {
        let span = node.op.span();
        let var = self.temporary('d', span, "value", Role::Value);
        let ty: Type = syn::parse_quote!(bool);
        let is_and = matches!(node.op, BinOp::And(_));
        let right = *node.right;
        let given: Expr = syn::parse_quote_spanned!(span=> false);
        let (then, els) =
            if is_and { (right, given) } else { (syn::parse_quote_spanned!(span=> true), right) };
        let then = super::control::block(then);
        let els = super::control::block(els);
        let to = To::Value(var, Some(Box::new(ty)));
        self.two_way(
            Origin::ShortCircuit,
            *node.left,
            span,
            |lower, list| lower.branch(list, &then, &to),
            |lower, list| lower.branch(list, &els, &to),
        );
        self.path(var)
    }

    fn macro_(&mut self, node: &syn::ExprMacro, context: &Context) -> Expr {
        if let Some(fails_fast) = inspect::join(&node.mac) {
            return self.join_macro(&node.mac, fails_fast, context);
        }
        self.errors
            .push(
                &node.mac.path,
                Code::Body,
                "`.await` inside a macro call can't be seen by `#[workflow]`",
            )
            .help("bind the result with `let` first");
        unit()
    }

    pub(super) fn refuse_async_block(&mut self, node: &ExprAsync) {
        self.errors
            .at(
                node.async_token.span,
                Code::Body,
                "an `async` block can't stand here in a workflow",
            )
            .help("it may be a branch of `join!` or `try_join!`, or the body of a mapped closure");
    }
}

pub(super) fn unit() -> Expr {
    syn::parse_quote!(())
}

fn is_lazy(node: &ExprBinary) -> bool {
    matches!(node.op, BinOp::And(_) | BinOp::Or(_))
}

/// Collects what is evaluated to find a place; what is no place is evaluated itself.
fn place<'a>(expr: &'a mut Expr, operands: &mut Vec<&'a mut Expr>) {
    if !is_place(expr) {
        operands.push(expr);
        return;
    }
    match expr {
        Expr::Field(node) => place(&mut node.base, operands),
        Expr::Paren(node) => place(&mut node.expr, operands),
        Expr::Unary(node) => place(&mut node.expr, operands),
        Expr::Index(node) => {
            place(&mut node.expr, operands);
            operands.push(&mut node.index);
        }
        _ => {}
    }
}

fn is_place(expr: &Expr) -> bool {
    match expr {
        Expr::Path(_) | Expr::Field(_) | Expr::Index(_) | Expr::Paren(_) => true,
        Expr::Unary(node) => matches!(node.op, UnOp::Deref(_)),
        _ => false,
    }
}
