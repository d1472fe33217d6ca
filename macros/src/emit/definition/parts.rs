//! The parts of calls and ends: arguments and options, durations, values and failures.

use super::ret;
use crate::{
    emit::expression::Translator,
    ir::{Carrier, FrameId, Ir, awaited},
};
use proc_macro2::{Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Stmt};

/// `Ok(..)` is true, `Err(..)` false.
pub(super) fn side(expr: &Expr) -> Option<bool> {
    match expr {
        Expr::Paren(inner) => side(&inner.expr),
        Expr::Call(call) => match &*call.func {
            Expr::Path(path) => match path.path.segments.last()?.ident.to_string().as_str() {
                "Ok" => Some(true),
                "Err" => Some(false),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// Whether every branch of a pure expression is an `Ok(..)`.
fn succeeds(expr: &Expr) -> bool {
    let block = |block: &syn::Block| match block.stmts.last() {
        Some(Stmt::Expr(tail, None)) => succeeds(tail),
        _ => false,
    };
    match expr {
        Expr::Paren(inner) => succeeds(&inner.expr),
        Expr::Block(node) => block(&node.block),
        Expr::If(node) => {
            block(&node.then_branch)
                && node.else_branch.as_ref().is_some_and(|(_, otherwise)| succeeds(otherwise))
        }
        Expr::Match(node) => node.arms.iter().all(|arm| succeeds(&arm.body)),
        other => side(other) == Some(true),
    }
}

/// Whether a frame's value is a `Result`, by syntax.
pub(super) fn is_result(ir: &Ir, frame: FrameId) -> bool {
    let Some(frame) = ir.frames.get(frame) else { return false };
    match &frame.ty {
        Some(syn::Type::Path(path)) => {
            path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))
        }
        Some(_) => false,
        None => frame.carrier == Carrier::Result,
    }
}

/// The options of a call, as methods of `Options`.
pub(super) fn options(expr: &Expr) -> TokenStream {
    match expr {
        Expr::MethodCall(node)
            if ["retry", "timeout", "heartbeat"].iter().any(|name| node.method == name) =>
        {
            let before = options(&node.receiver);
            let (method, arguments) = (&node.method, &node.args);
            quote!(#before.#method(#arguments))
        }
        Expr::Paren(inner) => options(&inner.expr),
        _ => TokenStream::new(),
    }
}

impl Translator<'_> {
    /// The arguments of a call, under its options.
    pub(super) fn call_arguments(&mut self, expr: &mut Expr) -> Vec<TokenStream> {
        match expr {
            Expr::Paren(inner) => self.call_arguments(&mut inner.expr),
            Expr::MethodCall(node)
                if ["retry", "timeout", "heartbeat"].iter().any(|name| node.method == name) =>
            {
                self.call_arguments(&mut node.receiver)
            }
            Expr::Call(node) => node.args.iter_mut().map(|argument| self.expr(argument)).collect(),
            other => {
                self.refuse_with(
                    &*other,
                    "a call that is not written where it is awaited has no exported form",
                    "write the call and its `.await` together: `task(..).await`",
                );
                Vec::new()
            }
        }
    }

    /// The seconds of a duration that depends on variables.
    pub(super) fn duration(&mut self, expr: &mut Expr) -> TokenStream {
        if let Expr::Call(node) = expr
            && let Expr::Path(path) = &*node.func
            && let (Some(last), Some(argument)) = (path.path.segments.last(), node.args.first_mut())
        {
            let name = last.ident.to_string();
            let unit: Option<i64> = match name.as_str() {
                "from_mins" => Some(60),
                "from_hours" => Some(3600),
                _ => None,
            };
            if let Some(unit) = unit {
                let value = self.expr(argument);
                return quote!(__g::times(&#value, #unit));
            }
            let per_second: Option<i64> = match name.as_str() {
                "from_secs" => Some(1),
                "from_millis" => Some(1000),
                "from_micros" => Some(1_000_000),
                _ => None,
            };
            if let Some(per_second) = per_second {
                let value = self.expr(argument);
                return quote!(__g::whole(&#value, #per_second));
            }
        }
        self.refuse_with(
            &*expr,
            "this duration has no exported form",
            "write `Duration::from_secs(..)` with a number of seconds, or use a constant",
        )
    }

    /// The value, or the failure, at the end of a frame that can fail.
    pub(super) fn ended(
        &mut self,
        expr: &mut Expr,
        frame: FrameId,
        is_result: bool,
    ) -> TokenStream {
        match (side(expr), &mut *expr) {
            (Some(_), Expr::Paren(inner)) => self.ended(&mut inner.expr, frame, is_result),
            (Some(ok), Expr::Call(call)) => match call.args.first_mut() {
                Some(value) if ok => self.expr(value),
                Some(value) => self.failing(value, frame),
                None => TokenStream::new(),
            },
            (None, expr) if is_result && succeeds(expr) => {
                let value = self.expr(expr);
                quote!(__j::data::outcome(&#value, true))
            }
            // the body is where rustc reports that a value is missing
            (None, Expr::Tuple(unit)) if is_result && unit.elems.is_empty() => {
                quote!(__j::Term::literal(()))
            }
            (None, expr) if is_result && awaited(expr).is_none() => self.refuse_result(expr),
            (_, expr) => self.expr(expr),
        }
    }

    /// Error name and cause of `Err(value)`; a derived `into` keeps both.
    fn failing(&mut self, value: &mut Expr, frame: FrameId) -> TokenStream {
        match value {
            Expr::MethodCall(node) if node.method == "into" && node.args.is_empty() => {
                return self.converted_failing(node.method.span(), &mut node.receiver, frame);
            }
            Expr::Call(node) => {
                let from = match &*node.func {
                    Expr::Path(path) => {
                        path.path.segments.last().filter(|last| last.ident == "from")
                    }
                    _ => None,
                };
                if let Some(span) = from.map(|from| from.ident.span())
                    && let Some(inner) = node.args.first_mut()
                {
                    return self.converted_failing(span, inner, frame);
                }
            }
            Expr::Paren(inner) => return self.failing(&mut inner.expr, frame),
            _ => {}
        }
        let witness = self.one(value);
        let (term, target) = (self.expr(value), ret(frame));
        quote!((&__convert::thrown(#witness, &#target)).failed(&#term))
    }

    fn converted_failing(&mut self, span: Span, value: &mut Expr, frame: FrameId) -> TokenStream {
        let witness = self.one(value);
        let (term, target) = (self.expr(value), ret(frame));
        quote_spanned!(span=> (&&&__convert::thrown(#witness, &#target)).failing(&#term))
    }
}
