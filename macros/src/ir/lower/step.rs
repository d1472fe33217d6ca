//! Awaited calls: tasks, child workflows, pauses.

use super::{Flow, Lower, concurrent};
use crate::{
    diagnostics::Code,
    ir::{Await, Ends, Entry, Kind, Role, Step, Used, VarId},
};
use proc_macro2::{Ident, Span};
use quote::quote_spanned;
use syn::{Expr, ExprAwait, ExprCall, Type, spanned::Spanned as _};

/// What becomes of the value of an expression that is being lowered.
#[derive(Clone)]
pub(crate) enum Context {
    /// It is used somehow; its type, if written.
    Value(Option<Box<Type>>),
    /// `?` follows, there.
    Tried(Span),
    /// It is the scrutinee of a `match` or a `let` pattern.
    Matched,
    /// It is the value of the frame.
    Returned,
    /// It is dropped.
    Dropped,
}

impl Context {
    /// The value is used; no type is written.
    pub(crate) const VALUE: Self = Self::Value(None);

    /// The value is used, as this type if one is written.
    pub(crate) fn typed(ty: Option<Type>) -> Self {
        Self::Value(ty.map(Box::new))
    }
}

impl Lower<'_> {
    pub(super) fn await_(&mut self, node: ExprAwait, context: &Context) -> Expr {
        let end = node.await_token.span;
        if let Some(mapped) = concurrent::mapped(&node.base) {
            return self.map(&mapped, end, context);
        }
        if let Expr::Macro(mac) = &*node.base
            && super::inspect::join(&mac.mac).is_some()
        {
            // rustc says that it is no future
            return self.expr(*node.base, context.clone());
        }
        if let Expr::Async(block) = &*node.base {
            self.refuse_async_block(block);
            return super::expr::unit();
        }
        let expr = if Flow::of_expr(&node.base).is_control() {
            self.expr(*node.base, Context::VALUE)
        } else {
            *node.base
        };
        if self.is_dead() {
            return super::expr::unit();
        }
        self.step(expr, end, context)
    }

    /// Adds the step; gives its value.
    fn step(&mut self, mut expr: Expr, end: Span, context: &Context) -> Expr {
        let info = self.escaped(&mut expr);
        let span = expr.span();
        let step = step(&expr);
        let name = called(&expr).map_or_else(|| "step".to_owned(), ToString::to_string);
        let typed = match context {
            Context::Value(Some(ty)) if !super::stmt::has_holes(ty) => Some((**ty).clone()),
            _ => None,
        };
        let role = if typed.is_some() { Role::Awaited } else { Role::Returned };
        let value = self.temporary('t', first(&expr), &format!("{name}_result"), role);
        self.var_mut(value).ty.clone_from(&typed);
        let used = self.used(context);
        let id = self.node_id();
        let resume = self.segment(Entry::Resume(id, value));
        let kind = Await { step, expr, info, typed, value, resume, used };
        self.push_as(id, span, Kind::Await(Box::new(kind)));
        self.start(resume);
        self.placeholder(value, end)
    }

    pub(super) fn used(&self, context: &Context) -> Used {
        let ends = self.ir.frames.get(self.frame).map(|frame| frame.ends);
        match context {
            Context::Value(_) => Used::Value,
            Context::Tried(mark) => Used::Tried(*mark),
            Context::Matched => Used::Matched,
            Context::Returned if ends == Some(Ends::Fails) => Used::Returned,
            Context::Returned => Used::Value,
            Context::Dropped => Used::Dropped,
        }
    }

    /// `__tN.v` with the span of the whole awaited expression: from the call's first token, which
    /// the temporary has, to the `await`.
    pub(super) fn placeholder(&self, value: VarId, end: Span) -> Expr {
        let temporary = self.path(value);
        let field = Ident::new("v", end);
        let dot = quote_spanned!(end=> .);
        syn::parse_quote!(#temporary #dot #field)
    }

    pub(super) fn refuse_call(&mut self, tokens: impl quote::ToTokens, text: &str, help: &str) {
        self.errors.push(tokens, Code::Body, text).help(help);
    }
}

/// The span of the first token.
pub(super) fn first(tokens: impl quote::ToTokens) -> Span {
    let first = tokens.into_token_stream().into_iter().next();
    first.map_or_else(Span::call_site, |token| token.span())
}

fn step(expr: &Expr) -> Step {
    if let Expr::Call(ExprCall { args, .. }) = expr
        && args.len() == 1
        && let (Some(name), Some(argument)) = (called(expr), args.first())
    {
        if name == "sleep" {
            return Step::Sleep(argument.clone());
        }
        if name == "sleep_until" {
            return Step::SleepUntil(argument.clone());
        }
    }
    Step::Call
}

/// The name of what is called, under the options of the call.
pub(crate) fn called(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Call(call) => called(&call.func),
        Expr::MethodCall(call) => called(&call.receiver),
        Expr::Paren(paren) => called(&paren.expr),
        Expr::Path(path) => path.path.segments.last().map(|last| &last.ident),
        _ => None,
    }
}
