//! What is short for a `match`: `?` on an `Option`, and `map_err` with a closure on what is awaited.
//! Written out, its ways are edges like any other's.

use super::inspect::Flow;
use crate::ir::Carrier;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens as _, quote_spanned};
use syn::{
    Block, Expr, ExprAsync, ExprClosure, ExprMethodCall, Item, Local, Pat, Stmt, Token,
    parse_quote_spanned,
    spanned::Spanned as _,
    visit_mut::{self, VisitMut},
};

/// The body with both written out.
pub(super) fn written_out(block: &Block, carrier: Carrier) -> Block {
    let mut block = block.clone();
    Question { option: carrier == Carrier::Option }.visit_block_mut(&mut block);
    block
}

struct Question {
    /// Whether the function returns an `Option`.
    option: bool,
}

impl VisitMut for Question {
    fn visit_stmt_mut(&mut self, stmt: &mut Stmt) {
        if let Stmt::Local(local) = stmt {
            self.local(local);
        }
        visit_mut::visit_stmt_mut(self, stmt);
    }

    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        if let Expr::Try(node) = expr
            && let Some(mapped) = mapped(&node.expr)
        {
            *expr = mapped.raised();
        }
        visit_mut::visit_expr_mut(self, expr);
        match expr {
            Expr::Try(node) if self.option => {
                let (inner, span) = (&node.expr, node.question_token.span());
                let value = Ident::new("__value", span.resolved_at(Span::mixed_site()));
                *expr = parse_quote_spanned! {span=>
                    match #inner {
                        Some(#value) => #value,
                        None => return None,
                    }
                };
            }
            Expr::MethodCall(_) => {
                if let Some(mapped) = mapped(expr) {
                    *expr = mapped.kept();
                }
            }
            _ => {}
        }
    }

    // these return by themselves
    fn visit_expr_closure_mut(&mut self, _: &mut ExprClosure) {}

    fn visit_expr_async_mut(&mut self, _: &mut ExprAsync) {}

    fn visit_item_mut(&mut self, _: &mut Item) {}
}

impl Question {
    /// `let name = option?;` is a `let .. else`.
    fn local(&self, local: &mut Local) {
        let Some(init) = local.init.as_mut().filter(|init| init.diverge.is_none()) else { return };
        let (Expr::Try(node), true, Pat::Ident(name)) = (&*init.expr, self.option, &local.pat)
        else {
            return;
        };
        let span = node.question_token.span();
        let inner = node.expr.clone();
        local.pat = parse_quote_spanned!(span=> Some(#name));
        init.expr = inner;
        let leave: Expr = parse_quote_spanned!(span=> { return None; });
        init.diverge = Some((Token![else](span), Box::new(leave)));
    }
}

/// `call.await.map_err(|error| other)`.
struct Mapped {
    call: Expr,
    error: Pat,
    other: Expr,
    span: Span,
}

fn mapped(expr: &Expr) -> Option<Mapped> {
    let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = expr else {
        return None;
    };
    let (Expr::Await(_), Some(Expr::Closure(closure))) = (&**receiver, args.first()) else {
        return None;
    };
    if method != "map_err" || args.len() != 1 || leaves(closure) {
        return None;
    }
    let mut error = closure.inputs.first()?.clone();
    while let Pat::Type(typed) = error {
        error = *typed.pat;
    }
    let (call, other) = ((**receiver).clone(), (*closure.body).clone());
    Some(Mapped { call, error, other, span: method.span() })
}

/// Whether something in a closure leaves it before its end.
fn leaves(closure: &ExprClosure) -> bool {
    let flow = Flow::of_expr(&closure.body);
    flow.is_control() || flow.tries
}

impl Mapped {
    fn value(&self) -> Ident {
        Ident::new("__value", self.span.resolved_at(Span::mixed_site()))
    }

    /// Followed by `?`.
    fn raised(&self) -> Expr {
        let Self { call, error, other, span } = self;
        let value = self.value();
        let from: TokenStream = quote_spanned!(*span=> ::core::convert::From::from);
        parse_quote_spanned! {*span=>
            match #call {
                Ok(#value) => #value,
                Err(#error) => {
                    return Err(#from(#other));
                }
            }
        }
    }

    /// As a value.
    fn kept(&self) -> Expr {
        let Self { call, error, other, span } = self;
        let value = self.value().into_token_stream();
        parse_quote_spanned! {*span=>
            match #call {
                Ok(#value) => Ok(#value),
                Err(#error) => Err(#other),
            }
        }
    }
}
