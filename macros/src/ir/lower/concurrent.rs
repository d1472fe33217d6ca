//! What runs at the same time: `join!` and its kind, and calls over the items of a list.

use super::{
    Flow, Lower, carrier, patterns,
    step::{Context, called, first},
};
use crate::diagnostics::{Code, How};
use crate::ir::{Carrier, Ends, Entry, Frame, Held, Kind, NodeId, Role, Spawned, VarId};
use proc_macro2::Span;
use syn::{
    Block, Expr, ExprAwait, ExprCall, ExprClosure, ExprMethodCall, Macro, Pat, ReturnType, Stmt,
    Token, Type, punctuated::Punctuated, spanned::Spanned as _,
};

/// A call over the items of a list.
pub(super) struct Mapped<'a> {
    /// `join_all` or the stream's method, for messages.
    name: &'a syn::Ident,
    /// What is called for each item, if it is written as it must be.
    body: Option<(&'a Expr, &'a Expr)>,
    /// At most so many at a time.
    limit: Option<&'a Expr>,
    fails_fast: bool,
}

impl Lower<'_> {
    /// `join!(a(), async { .. })`.
    pub(super) fn join_macro(&mut self, mac: &Macro, fails_fast: bool, context: &Context) -> Expr {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        let branches = match mac.parse_body_with(parser) {
            Ok(branches) => branches,
            Err(error) => {
                self.errors.syntax(error);
                return super::expr::unit();
            }
        };
        for branch in &branches {
            self.check_branch(mac, branch);
        }
        let (id, at, span) = (self.node_id(), self.list, first(&mac.path));
        let end = mac.delimiter.span().close();
        let mut frames = Vec::new();
        for branch in branches {
            let block = match branch {
                Expr::Async(node) => node.block,
                call => awaiting(call),
            };
            let frame = new_frame(fails_fast, None, &block);
            frames.push(self.in_frame(frame, &block, |_| None));
        }
        self.list = at;
        let (value, resume) = self.value(id, span, "joined");
        let used = self.used(context);
        let spawned = Spawned { frames, fails_fast, value, resume, used };
        self.push_as(id, span, Kind::Spawn(spawned));
        self.start(resume);
        self.placeholder(value, end)
    }

    /// A branch is a call or an `async` block.
    fn check_branch(&mut self, mac: &Macro, branch: &Expr) {
        let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        let help = match branch {
            Expr::Async(_) | Expr::Call(_) | Expr::MethodCall(_) => return,
            Expr::Paren(inner) => return self.check_branch(mac, &inner.expr),
            Expr::Await(_) => format!("remove this `.await`: `{name}!` awaits its branches"),
            _ => format!("write the calls where they are joined: `{name}!(one(..), other(..))`"),
        };
        let text = format!("a branch of `{name}!` is a call or an `async` block");
        self.errors.push(branch, Code::Body, text).help(help).instead_of(mac, How::Hidden);
    }

    /// `join_all(items.iter().map(|item| call(item))).await` and its kind.
    pub(super) fn map(&mut self, mapped: &Mapped<'_>, end: Span, context: &Context) -> Expr {
        let Some((items, each)) = mapped.body else {
            self.refuse_call(
                mapped.name,
                &format!("`{}` needs calls over the items of a list here", mapped.name),
                "write `items.iter().map(|item| task(item))` as its argument",
            );
            return super::expr::unit();
        };
        let Some((pat, ty, block, output)) = self.each(each) else {
            return super::expr::unit();
        };
        let mut items = items.clone();
        if Flow::of_expr(&items).is_control() {
            items = self.expr(items, Context::VALUE);
        }
        if self.is_dead() {
            return super::expr::unit();
        }
        let info = self.escaped(&mut items);
        let (id, at, span) = (self.node_id(), self.list, first(&items));
        let fails_fast = mapped.fails_fast;
        let frame = new_frame(fails_fast, output, &block);
        let mut item = 0;
        let body = self.in_frame(frame, &block, |lower| {
            item = lower.map_item(&pat, ty);
            Some(item)
        });
        self.list = at;
        let name = match called_in(&block) {
            Some(name) => format!("{name}_results"),
            None => "mapped".to_owned(),
        };
        let (value, resume) = self.value(id, span, &name);
        let used = self.used(context);
        let spawned = Spawned { frames: vec![body], fails_fast, value, resume, used };
        let limit = mapped.limit.cloned();
        self.push_as(id, span, Kind::Map { items, info, item, limit, spawned });
        self.start(resume);
        self.placeholder(value, end)
    }

    fn value(&mut self, id: NodeId, span: Span, name: &str) -> (VarId, usize) {
        let value = self.temporary('t', span, name, Role::Awaited);
        (value, self.segment(Entry::Resume(id, value)))
    }

    /// The variable of a map's item; a pattern is taken apart at the start of the body.
    fn map_item(&mut self, pat: &Pat, ty: Option<Type>) -> VarId {
        let var = match pat {
            Pat::Ident(name) if name.by_ref.is_none() && name.subpat.is_none() => {
                let binding = patterns::Binding {
                    ident: name.ident.clone(),
                    mutable: name.mutability.is_some(),
                };
                let var = self.declare(&binding, Held::MaybeBorrow);
                self.var_mut(var).role = Role::Item;
                var
            }
            pat => {
                let var = self.temporary('i', pat.span(), "item", Role::Item);
                self.var_mut(var).held = Held::MaybeBorrow;
                let value = self.path(var);
                self.pure(syn::parse_quote!(let #pat = #value;));
                var
            }
        };
        self.var_mut(var).ty = ty.filter(|ty| !super::stmt::has_holes(ty));
        var
    }

    /// Pattern, type, body and output type of what is called for each item.
    fn each(&mut self, each: &Expr) -> Option<(Pat, Option<Type>, Block, Option<Type>)> {
        match each {
            Expr::Closure(closure) if closure.inputs.len() == 1 => {
                let (pat, ty) = patterns::typed(closure.inputs.first()?);
                let output = match &closure.output {
                    ReturnType::Type(_, ty) if closure.asyncness.is_some() => Some((**ty).clone()),
                    _ => None,
                };
                Some((pat.clone(), ty.cloned(), closure_body(closure), output))
            }
            Expr::Path(path) => {
                let span = path.span();
                let item: Pat = syn::parse_quote_spanned!(span=> each);
                let call = syn::parse_quote_spanned!(span=> #path(each));
                Some((item, None, awaiting(call), None))
            }
            each => {
                self.refuse_call(
                    each,
                    "this must be a closure or the name of a task",
                    "write `.map(|item| task(item))`",
                );
                None
            }
        }
    }
}

fn new_frame(fails_fast: bool, ty: Option<Type>, block: &Block) -> Frame {
    let ends = if fails_fast { Ends::Fails } else { Ends::Data };
    let carrier = match carrier(ty.as_ref(), block) {
        Carrier::None if fails_fast => Carrier::Result,
        carrier => carrier,
    };
    Frame { entry: 0, ends, carrier, ty }
}

fn closure_body(closure: &ExprClosure) -> Block {
    match &*closure.body {
        Expr::Async(node) => node.block.clone(),
        Expr::Block(node) if closure.asyncness.is_some() && node.label.is_none() => {
            node.block.clone()
        }
        body if closure.asyncness.is_some() => one(body.clone()),
        // `|item| { task(item) }`
        Expr::Block(node) if node.label.is_none() => {
            let mut block = node.block.clone();
            if let Some(Stmt::Expr(tail, None)) = block.stmts.last_mut() {
                match tail {
                    Expr::Async(node) => {
                        let inner = node.block.clone();
                        *tail = syn::parse_quote!(#inner);
                    }
                    call => {
                        let awaited = await_of(call.clone());
                        *call = awaited;
                    }
                }
            }
            block
        }
        body => awaiting(body.clone()),
    }
}

fn one(expr: Expr) -> Block {
    let brace_token = syn::token::Brace(expr.span());
    Block { brace_token, stmts: vec![Stmt::Expr(expr, None)] }
}

fn await_of(call: Expr) -> Expr {
    // the `await` stands nowhere in the source: it gets the span of the call's last token
    let end = quote::ToTokens::to_token_stream(&call).into_iter().last();
    let end = end.map_or_else(Span::call_site, |token| token.span());
    Expr::Await(ExprAwait {
        attrs: Vec::new(),
        base: Box::new(call),
        dot_token: Token![.](end),
        await_token: Token![await](end),
    })
}

fn awaiting(call: Expr) -> Block {
    one(await_of(call))
}

fn called_in(block: &Block) -> Option<&syn::Ident> {
    match block.stmts.last() {
        Some(Stmt::Expr(Expr::Await(node), _)) => called(&node.base),
        _ => None,
    }
}

/// Sees a call over the items of a list in what is awaited.
pub(super) fn mapped(awaited: &Expr) -> Option<Mapped<'_>> {
    match awaited {
        Expr::Call(call) => all(call),
        Expr::MethodCall(call) => collected(call),
        _ => None,
    }
}

/// `join_all(items.map(each))`, `try_join_all(..)`.
fn all(call: &ExprCall) -> Option<Mapped<'_>> {
    let Expr::Path(path) = &*call.func else { return None };
    let name = &path.path.segments.last()?.ident;
    let fails_fast = name == "try_join_all";
    if !fails_fast && name != "join_all" {
        return None;
    }
    let body = match call.args.first() {
        Some(Expr::MethodCall(map)) if map.method == "map" && call.args.len() == 1 => {
            map.args.first().map(|each| (&*map.receiver, each))
        }
        _ => None,
    };
    Some(Mapped { name, body, limit: None, fails_fast })
}

/// `stream::iter(items).map(each).buffered(n).collect()`, `.buffer_unordered(n).try_collect()`.
fn collected(call: &ExprMethodCall) -> Option<Mapped<'_>> {
    let fails_fast = call.method == "try_collect";
    if !fails_fast && call.method != "collect" {
        return None;
    }
    let Expr::MethodCall(buffer) = &*call.receiver else { return None };
    if buffer.method != "buffered" && buffer.method != "buffer_unordered" {
        return None;
    }
    let Expr::MethodCall(map) = &*buffer.receiver else { return None };
    let body = match &*map.receiver {
        Expr::Call(iter)
            if map.method == "map" && called(&iter.func).is_some_and(|f| f == "iter") =>
        {
            iter.args.first().zip(map.args.first())
        }
        _ => None,
    };
    Some(Mapped { name: &call.method, body, limit: buffer.args.first(), fails_fast })
}
