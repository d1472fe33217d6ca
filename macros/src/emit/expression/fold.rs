//! `for` loops without steps: what they assign is reduced over what they walk.

use super::Translator;
use crate::ir::lower::patterns;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{
    Block, Expr, ExprBreak, ExprContinue, ExprForLoop, ExprReturn, ExprTry, Macro,
    visit::{self, Visit},
};

/// Whether a body ends its loop, or leaves the function, before its end.
#[derive(Default)]
struct Leaves(bool);

impl<'a> Visit<'a> for Leaves {
    fn visit_expr_break(&mut self, _: &'a ExprBreak) {
        self.0 = true;
    }

    fn visit_expr_continue(&mut self, _: &'a ExprContinue) {
        self.0 = true;
    }

    fn visit_expr_return(&mut self, _: &'a ExprReturn) {
        self.0 = true;
    }

    fn visit_expr_try(&mut self, _: &'a ExprTry) {
        self.0 = true;
    }

    fn visit_macro(&mut self, node: &'a Macro) {
        // what lowering makes of jumps out of the loop
        self.0 |= node.path.is_ident("__goto") || node.path.is_ident("__leave");
        visit::visit_macro(self, node);
    }
}

fn leaves(body: &Block) -> bool {
    let mut leaves = Leaves::default();
    leaves.visit_block(body);
    leaves.0
}

impl Translator<'_> {
    /// `for item in items { .. }`.
    pub(super) fn fold(&mut self, node: &mut ExprForLoop) -> TokenStream {
        if leaves(&node.body) || node.label.is_some() {
            return self.refuse_with(
                node.for_token,
                "a loop without a step that ends early has no exported form",
                "use an iterator chain, or move the loop into a `#[task]`",
            );
        }
        let body = Expr::Block(syn::ExprBlock {
            attrs: Vec::new(),
            label: None,
            block: node.body.clone(),
        });
        let places = self.assigned(&body);
        let items = self.iterable(&mut node.expr);
        let name = patterns::of_pattern(&node.pat)
            .first()
            .map_or_else(|| "item".to_owned(), |binding| binding.ident.to_string());
        let item = self.local();
        let (binds, body) = self.scoped(|translator| {
            let fit = translator.pattern(&node.pat, &quote!(#item.clone()));
            let binds = translator.bind_all(&fit, &[]);
            (binds, translator.effect_block(&mut node.body, &places))
        });
        if places.is_empty() {
            return TokenStream::new();
        }
        let count = places.len();
        let positions = (0..count).map(syn::Index::from);
        let parts: Vec<TokenStream> =
            (0..count).map(|position| quote!(__j::list::part(&__all, #position, #count))).collect();
        quote! {
            let __all = {
                let __items = #items;
                let #item = __j::Term::item(#name, &__items);
                let __before = ::std::vec![#(#places.clone()),*];
                let __after = |__all: &__j::Term| {
                    #(let #places = #parts;)*
                    #binds
                    let __values = #body;
                    ::std::vec![#(__values.#positions),*]
                };
                __j::list::fold(&__items, &#item, __before, __after).shared("all")
            };
            __lets.push(__all.clone());
            #(let #places = #parts;)*
        }
    }
}
