//! Assignments: to locals, to their fields, and by methods that change their receiver.

use super::Translator;
use crate::diagnostics::{Code, How};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use std::collections::BTreeSet;
use syn::{
    Expr, ExprAssign, ExprBinary, ExprMethodCall, ExprReference, Member,
    visit::{self, Visit},
};

/// A place gets a value.
pub(super) fn set(place: &Ident, name: &str, value: &TokenStream) -> TokenStream {
    quote! {
        let #place = (#value).shared(#name);
        __lets.push(#place.clone());
    }
}

/// Methods that change their receiver.
pub(super) fn mutates(method: &Ident) -> bool {
    ["push", "push_str", "extend", "clear", "insert", "remove", "pop", "truncate", "append"]
        .iter()
        .any(|name| method == name)
}

impl Translator<'_> {
    /// `left = right`.
    pub(super) fn assign(&mut self, left: &Expr, right: &mut Expr) -> TokenStream {
        let value = self.expr(right);
        if let Expr::Infer(_) = left {
            return TokenStream::new();
        }
        self.store(left, &value)
    }

    /// `left op= right`.
    pub(super) fn compound(&mut self, node: &mut ExprBinary) -> TokenStream {
        let Some(function) = super::operator::arithmetic(&node.op) else {
            return self.refuse(node.op, "this operator");
        };
        let function = quote!(__j::number::#function);
        let target = (*node.left).clone();
        let value = self.operation(&function, &node.op, &mut node.left, &mut node.right);
        self.store(&target, &value)
    }

    /// A local, or a field of one, gets a value.
    pub(super) fn store(&mut self, target: &Expr, value: &TokenStream) -> TokenStream {
        match target {
            Expr::Paren(inner) => self.store(&inner.expr, value),
            Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => {
                self.store(&inner.expr, value)
            }
            Expr::Path(path) => match path.path.get_ident().and_then(|name| self.lookup(name)) {
                Some(place) => {
                    let name = path.path.get_ident().map(ToString::to_string).unwrap_or_default();
                    set(&place, &name, value)
                }
                None => self.refuse_place(target),
            },
            Expr::Field(field) => {
                let witness = self.one(&field.base);
                let base = self.expr(&mut (*field.base).clone());
                let updated = match &field.member {
                    Member::Named(name) => {
                        let name = name.to_string();
                        quote!(__j::data::with_field(#witness, &#base, #name, &#value))
                    }
                    Member::Unnamed(_) => self.refuse_place(target),
                };
                self.store(&field.base, &updated)
            }
            other => self.refuse_place(other),
        }
    }

    /// Reports a place that can't be assigned to.
    fn refuse_place(&mut self, target: &Expr) -> TokenStream {
        let text = "an assignment to this has no exported form";
        self.errors.push(target, Code::Export, text).instead_of(target, How::Hidden);
        self.is_refused = true;
        TokenStream::new()
    }

    /// A method called for its effect on the receiver.
    pub(super) fn mutation(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let target = (*node.receiver).clone();
        let name = node.method.to_string();
        let value = match (name.as_str(), node.args.first_mut()) {
            ("push" | "push_str", Some(argument)) => {
                let witness = self.one(&node.receiver);
                let receiver = self.expr(&mut node.receiver);
                let argument = self.expr(argument);
                quote!(__j::list::push(#witness, &#receiver, &#argument))
            }
            ("extend", Some(argument)) => {
                let items = self.iterable(argument);
                let witness = self.one(&node.receiver);
                let receiver = self.expr(&mut node.receiver);
                quote!(__j::list::extend(#witness, &#receiver, &#items))
            }
            ("clear", None) => {
                let witness = self.one(&node.receiver);
                quote!(__j::list::cleared(#witness))
            }
            _ => {
                self.expr(&mut Expr::MethodCall(node.clone()));
                return TokenStream::new();
            }
        };
        self.store(&target, &value)
    }

    /// The Rust locals of all names outside that `expr` may assign.
    pub(super) fn assigned(&self, expr: &Expr) -> Vec<Ident> {
        let mut found = Assigned::default();
        found.visit_expr(expr);
        let names = found.names.iter().map(|name| Ident::new(name, Span::call_site()));
        let places: BTreeSet<Ident> = names.filter_map(|name| self.lookup(&name)).collect();
        places.into_iter().collect()
    }
}

/// Names that are assigned.
#[derive(Default)]
struct Assigned {
    names: BTreeSet<String>,
}

impl Assigned {
    fn place(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => {
                self.names.extend(path.path.get_ident().map(ToString::to_string));
            }
            Expr::Field(inner) => self.place(&inner.base),
            Expr::Paren(inner) => self.place(&inner.expr),
            Expr::Index(inner) => self.place(&inner.expr),
            Expr::Unary(inner) => self.place(&inner.expr),
            _ => {}
        }
    }
}

impl<'a> Visit<'a> for Assigned {
    fn visit_expr_assign(&mut self, node: &'a ExprAssign) {
        self.place(&node.left);
        visit::visit_expr_assign(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'a ExprBinary) {
        if crate::ir::lower::mentions::is_compound(&node.op) {
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
        if mutates(&node.method) {
            self.place(&node.receiver);
        }
        visit::visit_expr_method_call(self, node);
    }
}
