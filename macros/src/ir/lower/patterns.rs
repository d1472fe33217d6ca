//! What patterns and conditions bind.

use proc_macro2::Ident;
use syn::{
    Block, Expr, ExprClosure, ExprLet, Pat, PatIdent, Type,
    visit::{self, Visit},
};

/// A name that a pattern binds.
#[derive(Debug, Clone)]
pub(crate) struct Binding {
    pub ident: Ident,
    pub mutable: bool,
}

#[derive(Default)]
struct Bindings(Vec<Binding>);

impl<'a> Visit<'a> for Bindings {
    fn visit_pat_ident(&mut self, pat: &'a PatIdent) {
        // a capitalised ident is a constant or a unit variant
        let is_path = pat.subpat.is_none()
            && pat.mutability.is_none()
            && pat.by_ref.is_none()
            && pat.ident.to_string().starts_with(char::is_uppercase);
        // both sides of an `|` bind the same names
        let is_new = self.0.iter().all(|binding| binding.ident != pat.ident);
        if !is_path && is_new {
            self.0.push(Binding { ident: pat.ident.clone(), mutable: pat.mutability.is_some() });
        }
        visit::visit_pat_ident(self, pat);
    }

    fn visit_expr(&mut self, _: &'a Expr) {}

    fn visit_type(&mut self, _: &'a Type) {}
}

/// The names that a pattern binds, each once.
pub(crate) fn of_pattern(pat: &Pat) -> Vec<Binding> {
    let mut found = Bindings::default();
    found.visit_pat(pat);
    found.0
}

#[derive(Default)]
struct Lets(Vec<Binding>);

impl<'a> Visit<'a> for Lets {
    fn visit_expr_let(&mut self, node: &'a ExprLet) {
        self.0.extend(of_pattern(&node.pat));
    }

    fn visit_expr_closure(&mut self, _: &'a ExprClosure) {}

    fn visit_block(&mut self, _: &'a Block) {}
}

/// The names that the `let`s of a condition bind.
pub(crate) fn of_condition(cond: &Expr) -> Vec<Binding> {
    let mut found = Lets::default();
    found.visit_expr(cond);
    found.0
}

/// A pattern without its type annotation, and the type.
pub(crate) fn typed(pat: &Pat) -> (&Pat, Option<&Type>) {
    match pat {
        Pat::Type(typed) => (&typed.pat, Some(&typed.ty)),
        pat => (pat, None),
    }
}
