//! Calls that nothing awaits.
//!
//! In a workflow that is not exported, a statement that drops a call, or a `let` that names one which
//! nobody reads, is asked for its type. In an exported one every call that is not awaited is refused;
//! what reads it is given the value that the `.await` would give, so that one mistake is reported
//! once.

use crate::ir::lower::{Flow, step::called};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::{
    Block, Expr, Local, Pat, Stmt,
    visit_mut::{self, VisitMut},
};

/// What asks for the types.
#[derive(Debug, Default)]
pub(crate) struct Unawaited {
    /// Declares the witnesses, before the arms.
    pub declarations: TokenStream,
    checks: TokenStream,
    count: usize,
}

impl Unawaited {
    /// Puts dead code before the statements, which binds their types to witnesses.
    pub(crate) fn find(block: &mut Block) -> Self {
        let mut found = Self::default();
        found.visit_block_mut(block);
        found
    }

    /// Asks the witnesses, for after the arms, where all types are known.
    pub(crate) fn checks(&self) -> TokenStream {
        let checks = &self.checks;
        quote! {{
            use ::stepwright::__private::workflow::unawaited::{ViaLazy as _, ViaValue as _};
            #checks
        }}
    }

    fn witness(&mut self, call: &Expr, name: &Ident) -> Stmt {
        self.count += 1;
        let witness = format_ident!("__u{}", self.count, span = Span::mixed_site());
        // a borrow, which a closure that takes what it mentions by value copies
        self.declarations.extend(quote! {
            let #witness = &::stepwright::__private::workflow::jsonata::witness::one();
        });
        let span = name.span();
        let check = Ident::new("awaited", span);
        self.checks.extend(quote_spanned!(span=> (&#witness).#check();));
        syn::parse_quote!(if false { #witness.bind(&(#call)); loop {} })
    }
}

impl VisitMut for Unawaited {
    fn visit_block_mut(&mut self, block: &mut Block) {
        visit_mut::visit_block_mut(self, block);
        let mut rest = std::mem::take(&mut block.stmts).into_iter();
        while let Some(stmt) = rest.next() {
            if let Some(call) = unread(&stmt, rest.as_slice())
                && let Some(name) = called_name(call)
            {
                block.stmts.push(self.witness(call, &name));
            }
            block.stmts.push(stmt);
        }
    }

    fn visit_item_mut(&mut self, _: &mut syn::Item) {}
}

/// Calls, and `?`s, of an exported workflow that were refused, by where their names are written.
#[derive(Debug, Clone, Default)]
pub(crate) struct Refused(BTreeSet<(usize, usize)>);

impl Refused {
    /// Adds the call of the name there, or the `?`.
    pub(crate) fn add(&mut self, span: Span) {
        self.0.insert(place(span));
    }

    /// Puts what a refused call gives in its place, or would give if it were awaited.
    pub(crate) fn replace(&self, expr: &mut Expr) {
        if mark_of(expr).is_some_and(|span| self.0.contains(&place(span))) {
            give(expr);
        }
    }

    /// The same everywhere in the body for direct calls.
    pub(crate) fn replace_in(&mut self, block: &mut Block) {
        if !self.0.is_empty() {
            self.visit_block_mut(block);
        }
    }
}

impl VisitMut for Refused {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        visit_mut::visit_expr_mut(self, expr);
        self.replace(expr);
    }
}

fn give(refused: &mut Expr) {
    let given = match &*refused {
        Expr::Try(node) => {
            let inner = &node.expr;
            quote!(Given(Given(#inner).given()).tried())
        }
        call => quote!(Given(#call).given()),
    };
    *refused = syn::parse_quote!({
        #[allow(unused_imports)]
        use ::stepwright::__private::workflow::unawaited::{
            Given, GivesHeld as _, GivesItself as _, GivesOk as _, GivesOutput as _,
        };
        #given
    });
}

/// Where the name of the function or method is that a call calls, or a `?`.
fn mark_of(expr: &Expr) -> Option<Span> {
    match expr {
        Expr::Call(node) => match &*node.func {
            Expr::Path(function) => function.path.segments.last().map(|last| last.ident.span()),
            _ => None,
        },
        Expr::MethodCall(node) => Some(node.method.span()),
        Expr::Try(node) => Some(node.question_token.span),
        _ => None,
    }
}

fn place(span: Span) -> (usize, usize) {
    let start = span.start();
    (start.line, start.column)
}

/// The expression whose value nothing reads.
fn unread<'s>(stmt: &'s Stmt, rest: &[Stmt]) -> Option<&'s Expr> {
    match stmt {
        Stmt::Expr(expr, Some(_)) => Some(expr),
        Stmt::Local(Local { pat, init: Some(init), .. }) if init.diverge.is_none() => match pat {
            Pat::Wild(_) => Some(&init.expr),
            Pat::Ident(pat) => {
                let read = rest.iter().any(|stmt| mentions(stmt.to_token_stream(), &pat.ident));
                (!read).then_some(&*init.expr)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Whether tokens may mention a local; texts may be format strings.
fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Literal(text) => text.to_string().contains(&name.to_string()),
        TokenTree::Punct(_) => false,
    })
}

/// The name of the function, if the expression is a call of one, maybe with options, and has no
/// step and no exit inside.
fn called_name(expr: &Expr) -> Option<Ident> {
    let flow = Flow::of_expr(expr);
    if flow.is_control() || flow.tries || !is_call(expr) {
        return None;
    }
    called(expr).filter(|name| !name.to_string().starts_with(char::is_uppercase)).cloned()
}

fn is_call(expr: &Expr) -> bool {
    match expr {
        Expr::Call(call) => matches!(*call.func, Expr::Path(_)),
        Expr::MethodCall(call) => {
            ["retry", "timeout", "heartbeat"].iter().any(|name| call.method == name)
                && is_call(&call.receiver)
        }
        Expr::Paren(paren) => is_call(&paren.expr),
        _ => false,
    }
}
