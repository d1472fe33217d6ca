//! Calls that nothing awaits.
//!
//! In a workflow that is not exported, a statement that drops a call, or a `let` that names one which
//! nobody reads, is asked for its type. In an exported one every call that is not awaited is refused,
//! and `asked` where it stands.

use crate::ir::lower::{Flow, step::called};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
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
