//! The code of a segment's nodes: the user's tokens, with stores and reports between.

use super::{
    Native, callee, item_slot, jumps, krate,
    parts::{self, moved},
    stores::{State, branches},
};
use crate::ir::{Await, Kind, ListId, Node, Spawned, Step, Used, VarId};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::{Expr, Local, Pat, Stmt, spanned::Spanned as _};

/// Whether the last node of a list is its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is.
    Value,
    /// The list is statements.
    None,
}

impl Native<'_> {
    /// The code of a list; `state` becomes what holds at its end.
    pub(super) fn list(&self, list: ListId, state: &mut State, tail: Tail) -> TokenStream {
        let nodes = self.ir.lists.get(list).map(Vec::as_slice).unwrap_or_default();
        let last = nodes.len().saturating_sub(1);
        let mut code = TokenStream::new();
        for (position, node) in nodes.iter().enumerate() {
            let tail = if position == last { tail } else { Tail::None };
            code.extend(self.witness(node).cloned());
            code.extend(self.node(node, state, tail));
        }
        code
    }

    fn node(&self, node: &Node, state: &mut State, tail: Tail) -> TokenStream {
        match &node.kind {
            Kind::Stmt { stmt, .. } => self.stmt(node, stmt, state),
            Kind::Set { var, expr, falls, .. } => self.set(node, *var, expr, *falls, state),
            Kind::LetElse { stmt, els, .. } => self.let_else(node, stmt, *els, state),
            Kind::If { .. } | Kind::Match { .. } | Kind::Block { .. } => {
                self.branching(node, state, tail)
            }
            Kind::ForInit { expr, item, list, index, .. } => {
                let pre = self.before(node, &[], state);
                let (list, index) = (self.key(*list), self.key(*index));
                let items = pushed(&self.code_of(expr, state), expr.span(), &item_slot(item));
                quote!(#pre { #items __run.walk(#list, #index, __items); })
            }
            Kind::ForHead { pat, item, list, index, binds, body, els } => {
                self.for_head(node, state, (pat, item, binds), (*list, *index), (*body, *els))
            }
            Kind::Goto(to) => self.goto(node, *to, state),
            Kind::Await(step) => self.step(node, step, state),
            Kind::Spawn(_) => {
                let enter = self.enter(node);
                let save = self.save(&self.live.after(self.ir, &node.kind), state);
                let (krate, done) = (krate(), self.done(&quote!(__action)));
                quote!(#enter let __action = #krate::Action::Parallel; #save #done)
            }
            Kind::Map { items, item, limit, .. } => {
                self.map(node, items, *item, limit.as_ref(), state)
            }
            Kind::Ret { expr, frame, .. } => {
                let pre = self.before(node, &[], state);
                let enter = self.enter(node);
                let value = match expr {
                    // the body is where rustc reports that a value is missing
                    Expr::Tuple(unit) if unit.elems.is_empty() && *frame == 0 => {
                        let krate = krate();
                        quote!(#krate::unit())
                    }
                    expr => self.code_of(expr, state),
                };
                let up = self.child_failed().filter(|_| self.exported.names.up.contains(&node.id));
                let up = up.map(|state| quote!(__run.goes_up(#state);));
                let ret = jumps::leave(self, *frame, &value, expr.span());
                quote!(#pre #enter #up #ret)
            }
        }
    }

    /// Stores before a fragment runs: what it shadows, what it takes apart.
    fn before(&self, node: &Node, declared: &[VarId], state: &mut State) -> TokenStream {
        let mut code = self.shadow(declared, state);
        if let Some(info) = node.kind.info() {
            code.extend(self.checkpoint(&moved(node), info, state));
        }
        code
    }

    fn stmt(&self, node: &Node, stmt: &Stmt, state: &mut State) -> TokenStream {
        let declared = node.kind.info().map(|info| info.decls.clone()).unwrap_or_default();
        let pre = self.before(node, &declared, state);
        let enter = self.enter(node);
        let mut stmt = stmt.clone();
        parts::copy_in_stmt(&mut stmt, self.copied(state));
        jumps::replace_in_stmt(self, &mut stmt, state);
        let tie = match &mut stmt {
            Stmt::Local(local) if local.init.is_none() => self.deferred(local, &declared),
            _ => TokenStream::new(),
        };
        state.dirty.extend(&declared);
        quote!(#pre #enter #stmt #tie)
    }

    /// `let x;` may be assigned in another segment: it is made `mut`, and tied to its slot.
    fn deferred(&self, local: &mut Local, declared: &[VarId]) -> TokenStream {
        let mut pat = &mut local.pat;
        while let Pat::Type(typed) = pat {
            pat = &mut typed.pat;
        }
        if let Pat::Ident(pat) = pat {
            pat.mutability = Some(syn::token::Mut(pat.ident.span()));
        }
        let ties = declared.iter().filter(|var| !self.is_probed(**var)).filter_map(|var| {
            let (ident, slot) = (&self.ir.vars.get(*var)?.ident, self.slot(*var));
            Some(quote!(if false { #ident = #slot.any(); }))
        });
        quote!(#(#ties)*)
    }

    fn set(
        &self,
        node: &Node,
        var: VarId,
        expr: &Expr,
        falls: bool,
        state: &mut State,
    ) -> TokenStream {
        let pre = self.before(node, &[], state);
        let enter = self.enter(node);
        let code = self.code_of(expr, state);
        state.dirty.insert(var);
        if falls {
            // in parentheses, so that no part of it is taken for a statement
            return quote!(#pre #enter (#code));
        }
        let bind = self.bind(var, expr.span(), &code);
        quote!(#pre #enter #bind)
    }

    /// `let __dN: T = code;`.
    fn bind(&self, var: VarId, span: Span, code: &TokenStream) -> TokenStream {
        let Some(var) = self.ir.vars.get(var) else { return TokenStream::new() };
        let (ident, ty) = (&var.ident, var.ty.as_ref().map(|ty| quote!(: #ty)));
        quote_spanned!(span=> let #ident #ty = #code;)
    }

    fn let_else(&self, node: &Node, stmt: &Stmt, els: ListId, state: &mut State) -> TokenStream {
        let declared = node.kind.info().map(|info| info.decls.clone()).unwrap_or_default();
        let mut otherwise = state.clone();
        let pre = self.before(node, &declared, state);
        let enter = self.enter(node);
        otherwise.clone_from(state);
        let els = self.list(els, &mut otherwise, Tail::None);
        let mut stmt = stmt.clone();
        parts::copy_in_stmt(&mut stmt, self.copied(state));
        jumps::replace_in_stmt(self, &mut stmt, state);
        state.dirty.extend(&declared);
        let Stmt::Local(local) = &stmt else { return TokenStream::new() };
        let (token, pat) = (&local.let_token, &local.pat);
        let Some(init) = &local.init else { return TokenStream::new() };
        let (eq, expr, semi) = (&init.eq_token, &init.expr, &local.semi_token);
        quote!(#pre #enter #token #pat #eq #expr else { #els } #semi)
    }

    /// An `if`, `match` or block.
    fn branching(&self, node: &Node, state: &mut State, tail: Tail) -> TokenStream {
        let (falls, value) = match &node.kind {
            Kind::If { falls, value, .. } | Kind::Match { falls, value, .. } => (*falls, *value),
            Kind::Block { value, .. } => (true, *value),
            _ => (false, None),
        };
        let mut code = TokenStream::new();
        if falls {
            if let Some(info) = node.kind.info() {
                code.extend(self.checkpoint(&moved(node), info, state));
            }
            code.extend(self.checkpoint_branches(&branches(&node.kind), state));
        }
        let mut inner = state.clone();
        let inner_tail = if value.is_some() { Tail::Value } else { Tail::None };
        let (pre, expr) = self.branches(node, &mut inner, inner_tail);
        code.extend(pre);
        state.dirty.extend(value);
        code.extend(match value {
            Some(_) if tail == Tail::Value => expr,
            Some(var) => self.bind(var, node.span, &expr),
            None => expr,
        });
        code
    }

    /// What goes before the branches, and they; `state` becomes the union of their ends.
    fn branches(&self, node: &Node, state: &mut State, tail: Tail) -> (TokenStream, TokenStream) {
        let enter = self.enter(node);
        match &node.kind {
            Kind::If { cond, binds, then, els, .. } => {
                let pre = self.before(node, binds, state);
                let cond = self.code_of(cond, state);
                let mut in_then = state.clone();
                in_then.dirty.extend(binds);
                let then = self.list(*then, &mut in_then, tail);
                let els = self.list(*els, state, tail);
                state.dirty.extend(&in_then.dirty);
                (quote!(#pre #enter), quote!(if #cond { #then } else { #els }))
            }
            Kind::Match { scrutinee, arms, .. } => {
                let binds: Vec<VarId> = arms.iter().flat_map(|arm| arm.binds.clone()).collect();
                let pre = self.before(node, &binds, state);
                let mut scrutinee = scrutinee.clone();
                let pats = arms.iter().map(|arm| &arm.pat);
                parts::copy_in_scrutinee(&mut scrutinee, pats, self.copied(state));
                jumps::replace_in_expr(self, &mut scrutinee, state);
                let mut ends = state.clone();
                let arms: Vec<_> = arms
                    .iter()
                    .map(|arm| {
                        let mut in_arm = state.clone();
                        in_arm.dirty.extend(&arm.binds);
                        let body = self.list(arm.list, &mut in_arm, tail);
                        ends.dirty.extend(&in_arm.dirty);
                        let guard = arm.guard.as_ref().map(|guard| {
                            let guard = self.code_of(guard, state);
                            quote!(if #guard)
                        });
                        let pat = &arm.pat;
                        quote!(#pat #guard => { #body })
                    })
                    .collect();
                *state = ends;
                // the original function is where rustc reports a missing arm
                let code = quote!(match #scrutinee { #(#arms)* _ => ::core::unreachable!() });
                (quote!(#pre #enter), code)
            }
            Kind::Block { list, .. } => {
                let code = self.list(*list, state, tail);
                (enter, quote!({ #code }))
            }
            _ => (TokenStream::new(), TokenStream::new()),
        }
    }

    fn for_head(
        &self,
        node: &Node,
        state: &mut State,
        (pat, item, binds): (&Pat, &Ident, &[VarId]),
        (list, index): (VarId, VarId),
        (body, els): (ListId, ListId),
    ) -> TokenStream {
        let pre = self.shadow(binds, state);
        let enter = self.enter(node);
        let (krate, slot) = (krate(), item_slot(item));
        let (list, index) = (self.key(list), self.key(index));
        let mut in_body = state.clone();
        in_body.dirty.extend(binds);
        let body = self.list(body, &mut in_body, Tail::None);
        let els = self.list(els, state, Tail::None);
        let next = quote_spanned!(pat.span()=>
            #krate::keep(&#slot).next(__run, #list, #index, __arena));
        quote! {
            #pre #enter
            match #next {
                ::core::option::Option::Some(__item) => { let #pat = __item; #body }
                ::core::option::Option::None => { #els }
            }
        }
    }

    fn goto(&self, node: &Node, to: usize, state: &State) -> TokenStream {
        let save = self.save(&self.live.after(self.ir, &node.kind), state);
        let (krate, to) = (krate(), super::number(to));
        let done = self.done(&quote!(#krate::Action::Goto(#to)));
        quote!(#save #done)
    }

    /// A task, a child workflow or a pause.
    fn step(&self, node: &Node, step: &Await, state: &mut State) -> TokenStream {
        let pre = self.before(node, &[], state);
        let enter = self.enter(node);
        let save = self.save(&self.live.after(self.ir, &node.kind), state);
        let (krate, slot, callee) = (krate(), self.slot(step.value), callee(node.id));
        let done = self.done(&quote!(__action));
        let expr = self.code_of(&step.expr, state);
        let span = step.expr.span();
        let pause = |argument: &Expr| {
            let argument = self.code_of(argument, state);
            let function = super::pause(step);
            let start = quote_spanned!(span=> #slot.pause(__run, #function(#argument)));
            quote! {
                #pre #enter
                if false { #krate::pause(#expr); ::core::unreachable!() }
                let __action = #start;
                #save #done
            }
        };
        match &step.step {
            Step::Sleep(argument) | Step::SleepUntil(argument) => pause(argument),
            Step::Call => {
                let call = quote_spanned!(span=> __call);
                // where the value's type is written, the body's own `let` reports a wrong one
                let start = match &step.typed {
                    Some(_) => Ident::new("start_typed", span),
                    None => Ident::new("start", span),
                };
                // all of it has the span, so that the call is what is reported
                let started =
                    quote_spanned!(span=> ::stepwright::__private::Calling(__call).call());
                let start = quote_spanned!(span=> #slot.#start(__run, #started, &#callee));
                // `match` and not `let`: the call's temporaries live as long as it
                quote! {
                    #pre #enter
                    match #expr { #call => { let __action = #start; #save #done } }
                }
            }
        }
    }

    fn map(
        &self,
        node: &Node,
        items: &Expr,
        item: VarId,
        limit: Option<&Expr>,
        state: &mut State,
    ) -> TokenStream {
        let pre = self.before(node, &[], state);
        let enter = self.enter(node);
        let krate = krate();
        let pushed = pushed(&self.code_of(items, state), items.span(), &self.slot(item));
        let limit = limit.map_or_else(
            || quote!(0),
            |limit| {
                let limit = self.code_of(limit, state);
                quote!(#krate::limit(#limit))
            },
        );
        let save = self.save(&self.live.after(self.ir, &node.kind), state);
        let done = self.done(&quote!(#krate::Action::Map(__items, __limit)));
        quote!(#pre #enter #pushed let __limit = #limit; #save #done)
    }

    /// An expression with the jumps inside it.
    pub(super) fn code_of(&self, expr: &Expr, state: &State) -> TokenStream {
        let mut expr = expr.clone();
        parts::copy_in_expr(&mut expr, self.copied(state));
        jumps::replace_in_expr(self, &mut expr, state);
        quote!(#expr)
    }

    /// The value of a step, at the start of the segment after it.
    pub(super) fn resumed(&self, node: &Node, value: VarId) -> TokenStream {
        let krate = krate();
        let spawned = match &node.kind {
            Kind::Spawn(spawned) => spawned,
            Kind::Map { spawned, .. } => return mapped(spawned),
            kind => {
                let dropped =
                    matches!(kind, Kind::Await(step) if matches!(step.used, Used::Dropped));
                let take = if dropped { quote!(unread) } else { quote!(take) };
                let io = self.io(value);
                let span = self.ir.vars.get(value).map_or_else(Span::call_site, |v| v.ident.span());
                return quote_spanned!(span=> #io.#take(__run));
            }
        };
        let rets: Vec<Ident> = spawned.frames.iter().map(|frame| super::ret(*frame)).collect();
        let index = 0..rets.len();
        if !spawned.fails_fast {
            return quote!((#(#krate::keep(&#rets).branch(__run, #index),)*));
        }
        let Some((first, others)) = rets.split_first() else { return quote!(()) };
        quote! {{
            #(#krate::same_error(&#first, &#others);)*
            match #krate::keep(&#first).caught(__run) {
                ::core::option::Option::Some(__error) => ::core::result::Result::Err(__error),
                ::core::option::Option::None => ::core::result::Result::Ok(
                    (#(#krate::keep(&#rets).good(__run, #index),)*)
                ),
            }
        }}
    }
}

/// Pushes what `items` walks to `__items`.
fn pushed(items: &TokenStream, span: Span, slot: &Ident) -> TokenStream {
    let krate = krate();
    let each = quote_spanned! {span=>
        (&#krate::Probe(&__item)).tie(&#slot);
        #krate::keep(&#slot).push(__run, &mut __items, &__item);
    };
    quote! {
        let mut __items = ::std::vec::Vec::new();
        for __item in #items { #each }
    }
}

fn mapped(spawned: &Spawned) -> TokenStream {
    let krate = krate();
    let Some(ret) = spawned.frames.first().map(|frame| super::ret(*frame)) else {
        return TokenStream::new();
    };
    if !spawned.fails_fast {
        return quote!(#krate::keep(&#ret).iterations(__run));
    }
    quote! {
        match #krate::keep(&#ret).caught(__run) {
            ::core::option::Option::Some(__error) => ::core::result::Result::Err(__error),
            ::core::option::Option::None => {
                ::core::result::Result::Ok(#krate::keep(&#ret).all_good(__run))
            }
        }
    }
}
