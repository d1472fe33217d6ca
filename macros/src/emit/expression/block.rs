//! Blocks, `if` and `match`: as values, and as statements that set variables.

use super::{Translator, dead_code, pattern::Fit, place};
use crate::ir::VarId;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    BinOp, Block, Expr, ExprIf, ExprLet, ExprMatch, Local, Pat, Stmt, Type, spanned::Spanned as _,
};

/// A condition: `let`s for what it binds, and the code of its test.
#[derive(Debug, Clone, Default)]
pub(crate) struct Condition {
    /// `let __lN = ..;`
    pub binds: TokenStream,
    /// A term.
    pub test: TokenStream,
}

impl Translator<'_> {
    /// A condition with the `let`s of its chain. What it binds is visible until the scope ends.
    /// `inside`: whether a `let` before it has bound names, which dead code must see.
    pub(crate) fn condition(
        &mut self,
        cond: &mut Expr,
        declared: &[VarId],
        inside: bool,
    ) -> Condition {
        match cond {
            Expr::Let(node) => self.let_condition(node, declared, inside),
            Expr::Paren(inner) if matches!(*inner.expr, Expr::Let(_) | Expr::Binary(_)) => {
                self.condition(&mut inner.expr, declared, inside)
            }
            Expr::Binary(node) if matches!(node.op, BinOp::And(_)) => {
                let left = self.condition(&mut node.left, declared, inside);
                let inside = inside || !left.binds.is_empty();
                let right = self.condition(&mut node.right, declared, inside);
                let (mut binds, one, two) = (left.binds, left.test, right.test);
                binds.extend(right.binds);
                Condition { binds, test: quote!(__j::compare::and(&#one, &#two)) }
            }
            other => {
                let test = if inside { self.typed(other) } else { self.expr(other) };
                Condition { binds: TokenStream::new(), test }
            }
        }
    }

    fn let_condition(&mut self, node: &mut ExprLet, declared: &[VarId], inside: bool) -> Condition {
        let value = self.local();
        let term = if inside { self.typed(&mut node.expr) } else { self.expr(&mut node.expr) };
        let access = quote!(#value.clone());
        let fit = self.pattern(&node.pat, &access);
        let mut binds = quote!(let #value = #term;);
        binds.extend(self.bind_all(&fit, declared));
        Condition { binds, test: test_of(&fit) }
    }

    /// An `if`, `match` or block as a value.
    pub(super) fn branch_value(&mut self, expr: &mut Expr) -> TokenStream {
        if !self.assigned(expr).is_empty() {
            // What stands beside it would not see the change.
            return self.refuse_with(
                &*expr,
                "an assignment inside an expression has no exported form",
                "assign in a statement of its own before",
            );
        }
        match expr {
            Expr::Block(node) if node.label.is_none() => self.block_value(&mut node.block),
            Expr::If(node) => self.if_value(node),
            Expr::Match(node) => self.match_value(node),
            other => self.refuse(&*other, "this expression"),
        }
    }

    /// A block as a value.
    pub(super) fn block_value(&mut self, block: &mut Block) -> TokenStream {
        self.scoped(|translator| {
            let (code, tail) = translator.statements(block);
            let tail = tail.unwrap_or_else(|| quote!(__j::Term::literal(())));
            quote! {{
                let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                #code
                let __value = #tail;
                __j::Term::scope(__lets, &__value)
            }}
        })
    }

    /// The statements of a block, each after the dead code that types it; and the value.
    fn statements(&mut self, block: &mut Block) -> (TokenStream, Option<TokenStream>) {
        let (mut code, mut tail) = (TokenStream::new(), None);
        let count = block.stmts.len();
        let mut typed = Vec::new();
        for (position, mut stmt) in std::mem::take(&mut block.stmts).into_iter().enumerate() {
            self.dead.push(Vec::new());
            match &mut stmt {
                Stmt::Expr(expr, None) if position + 1 == count => tail = Some(self.expr(expr)),
                Stmt::Macro(node) if position + 1 == count && node.semi_token.is_none() => {
                    tail = Some(self.macro_call(&mut node.mac));
                }
                stmt => code.extend(self.stmt(stmt, &[])),
            }
            let dead = dead_code(&self.dead.pop().unwrap_or_default());
            if !dead.is_empty() {
                typed.push(Stmt::Expr(Expr::Verbatim(dead), None));
            }
            typed.push(stmt);
        }
        block.stmts = typed;
        (code, tail)
    }

    fn if_value(&mut self, node: &mut ExprIf) -> TokenStream {
        self.scoped(|translator| {
            let Condition { binds, test } = translator.condition(&mut node.cond, &[], false);
            let then = translator.block_value(&mut node.then_branch);
            let otherwise = match &mut node.else_branch {
                Some((_, otherwise)) => translator.expr(otherwise),
                None => quote!(__j::Term::literal(())),
            };
            quote! {{
                #binds
                __j::Term::condition(&#test, &#then, &#otherwise)
            }}
        })
    }

    fn match_value(&mut self, node: &mut ExprMatch) -> TokenStream {
        let (value, term) = (self.local(), self.expr(&mut node.expr));
        let mut arms = Vec::new();
        for arm in &mut node.arms {
            let (pat, guard) = parts(&mut arm.pat);
            arms.push(self.arm(&value, &pat, guard, &mut arm.body));
        }
        let chosen = chosen(&arms);
        quote! {{
            let #value = (#term).shared("value");
            let __value = #chosen;
            __j::Term::scope(::std::vec![#value], &__value)
        }}
    }

    /// An arm of a match that gives a value: its test, and the block that gives it.
    fn arm(
        &mut self,
        value: &Ident,
        pat: &Pat,
        guard: Option<&mut Expr>,
        body: &mut Expr,
    ) -> (TokenStream, TokenStream, TokenStream) {
        self.scoped(|translator| {
            let fit = translator.pattern(pat, &quote!(#value.clone()));
            let binds = translator.bind_all(&fit, &[]);
            let mut test = test_of(&fit);
            if let Some(guard) = guard {
                let guard = translator.guarded(guard);
                test = quote!(__j::compare::and(&#test, &#guard));
            }
            let result = translator.typed(body);
            (binds, test, result)
        })
    }

    /// A guard. Its dead code stands in a block around it, where the pattern's names are visible.
    fn guarded(&mut self, guard: &mut Expr) -> TokenStream {
        self.typed(guard)
    }

    /// An expression that is a scope of its own, with its dead code in it.
    pub(crate) fn typed(&mut self, body: &mut Expr) -> TokenStream {
        self.typed_with(body, false).0
    }

    /// The same, with witnesses of where it ends if it goes into an `Option`.
    pub(super) fn typed_with(
        &mut self,
        body: &mut Expr,
        in_option: bool,
    ) -> (TokenStream, Vec<TokenStream>) {
        self.dead.push(Vec::new());
        let witnesses = if in_option { self.ends(body) } else { Vec::new() };
        let term = self.expr(body);
        let dead = dead_code(&self.dead.pop().unwrap_or_default());
        if !dead.is_empty() {
            let inner = std::mem::replace(body, Expr::PLACEHOLDER);
            *body = syn::parse_quote!({ #dead #inner });
        }
        (term, witnesses)
    }

    // ------------------------------------------------------------------ statements

    /// A statement's code: `let`s of Rust locals. `declared`: variables of the workflow that it
    /// declares.
    pub(crate) fn stmt(&mut self, stmt: &mut Stmt, declared: &[VarId]) -> TokenStream {
        match stmt {
            Stmt::Local(local) => self.let_(local, declared),
            Stmt::Expr(expr, _) => self.effect(expr),
            Stmt::Item(item) => {
                self.refuse_with(
                    &*item,
                    "an item inside a workflow can't be exported",
                    "move it out of the workflow's body",
                );
                TokenStream::new()
            }
            Stmt::Macro(node) => {
                self.refuse_macro(&node.mac.path);
                TokenStream::new()
            }
        }
    }

    fn let_(&mut self, local: &mut Local, declared: &[VarId]) -> TokenStream {
        let around = std::mem::take(&mut self.is_refused);
        let code = self.let_known(local, declared);
        if std::mem::replace(&mut self.is_refused, around) {
            self.declared_refused(&local.pat);
        }
        code
    }

    fn let_known(&mut self, local: &mut Local, declared: &[VarId]) -> TokenStream {
        let Some(init) = &mut local.init else {
            // Declared now, assigned later: the assignment declares the Rust local.
            for binding in crate::ir::lower::patterns::of_pattern(&local.pat) {
                self.declare(&binding.ident, declared);
            }
            return TokenStream::new();
        };
        if let Some((token, _)) = &init.diverge {
            self.refuse(token, "`let .. else` inside a block without steps");
            return TokenStream::new();
        }
        let (pat, ty) = crate::ir::lower::patterns::typed(&local.pat);
        if let Some(ty) = ty {
            name_result(&mut init.expr, ty);
        }
        let value = if self.is_awaited_later(pat) {
            self.is_refused = true;
            quote!(__j::Term::literal(()))
        } else {
            self.expr(&mut init.expr)
        };
        if let Pat::Ident(pat) = pat
            && pat.subpat.is_none()
        {
            return self.named(&pat.ident, declared, &value);
        }
        let whole = self.local();
        let fit = self.pattern(&local.pat, &quote!(#whole.clone()));
        let binds = self.bind_all(&fit, declared);
        quote! {
            let #whole = (#value).shared("value");
            __lets.push(#whole.clone());
            #binds
        }
    }

    /// A name gets a value from here on.
    pub(crate) fn named(
        &mut self,
        name: &Ident,
        declared: &[VarId],
        value: &TokenStream,
    ) -> TokenStream {
        let place = self.declare(name, declared);
        place::set(&place, &name.to_string(), value)
    }

    /// An expression for its effect: what it assigns.
    fn effect(&mut self, expr: &mut Expr) -> TokenStream {
        match expr {
            Expr::Assign(node) => self.assign(&node.left, &mut node.right),
            Expr::Binary(node) if super::operator::arithmetic(&node.op).is_some() => {
                self.compound(node)
            }
            Expr::MethodCall(node) => self.mutation(node),
            Expr::If(_) | Expr::Match(_) | Expr::Block(_) => self.branch_effect(expr),
            Expr::Paren(inner) => self.effect(&mut inner.expr),
            Expr::Tuple(node) if node.elems.is_empty() => TokenStream::new(),
            Expr::ForLoop(node) => self.fold(node),
            Expr::Call(node) if matches!(&*node.func, Expr::Path(path) if path.path.is_ident("drop")) => {
                TokenStream::new()
            }
            other => {
                // Only its failure would be seen.
                self.expr(other);
                TokenStream::new()
            }
        }
    }

    fn branch_effect(&mut self, expr: &mut Expr) -> TokenStream {
        let places = self.assigned(expr);
        let value = self.effect_values(expr, &places);
        merged(&places, &value)
    }

    /// Code that gives a tuple of the terms that `places` have after `expr`.
    fn effect_values(&mut self, expr: &mut Expr, places: &[Ident]) -> TokenStream {
        match expr {
            Expr::Block(node) => self.effect_block(&mut node.block, places),
            Expr::If(node) => self.scoped(|translator| {
                let Condition { binds, test } = translator.condition(&mut node.cond, &[], false);
                let then = translator.effect_block(&mut node.then_branch, places);
                let otherwise = match &mut node.else_branch {
                    Some((_, otherwise)) => translator.effect_values(otherwise, places),
                    None => current(places),
                };
                either(&binds, &test, &then, &otherwise, places)
            }),
            Expr::Match(node) => {
                let (value, term) = (self.local(), self.expr(&mut node.expr));
                let mut arms = Vec::new();
                for arm in &mut node.arms {
                    let (pat, guard) = parts(&mut arm.pat);
                    arms.push(self.effect_arm(&value, &pat, guard, &mut arm.body, places));
                }
                let chosen = chosen_effect(&arms, places);
                quote!({ let #value = #term; #chosen })
            }
            other => {
                let span = other.span();
                let inner = std::mem::replace(other, Expr::PLACEHOLDER);
                let brace_token = syn::token::Brace(span);
                let mut block = Block {
                    brace_token,
                    stmts: vec![Stmt::Expr(inner, Some(syn::token::Semi::default()))],
                };
                let code = self.effect_block(&mut block, places);
                let attrs = Vec::new();
                *other = Expr::Block(syn::ExprBlock { attrs, label: None, block });
                code
            }
        }
    }

    fn effect_arm(
        &mut self,
        value: &Ident,
        pat: &Pat,
        guard: Option<&mut Expr>,
        body: &mut Expr,
        places: &[Ident],
    ) -> (TokenStream, TokenStream, TokenStream) {
        self.scoped(|translator| {
            let fit = translator.pattern(pat, &quote!(#value.clone()));
            let binds = translator.bind_all(&fit, &[]);
            let mut test = test_of(&fit);
            if let Some(guard) = guard {
                let guard = translator.guarded(guard);
                test = quote!(__j::compare::and(&#test, &#guard));
            }
            (binds, test, translator.effect_values(body, places))
        })
    }

    pub(super) fn effect_block(&mut self, block: &mut Block, places: &[Ident]) -> TokenStream {
        self.scoped(|translator| {
            // A value at the end of a statement's block is `()`: what gives it is a statement.
            if let Some(Stmt::Expr(_, semi)) = block.stmts.last_mut() {
                semi.get_or_insert_default();
            }
            let (code, _) = translator.statements(block);
            let values =
                places.iter().map(|place| quote!(__j::Term::scope(__lets.clone(), &#place)));
            quote! {{
                let mut __lets: ::std::vec::Vec<__j::Term> = ::std::vec::Vec::new();
                #code
                (#(#values,)*)
            }}
        })
    }
}

/// A pattern, and its guard.
fn parts(pat: &mut Pat) -> (Pat, Option<&mut Expr>) {
    match pat {
        Pat::Guard(node) => ((*node.pat).clone(), Some(&mut *node.guard)),
        pat => (pat.clone(), None),
    }
}

/// The condition of a fit.
pub(crate) fn test_of(fit: &Fit) -> TokenStream {
    fit.test.clone().unwrap_or_else(|| quote!(__j::Term::literal(true)))
}

/// The value of the first arm that fits; the last one needs no test.
fn chosen(arms: &[(TokenStream, TokenStream, TokenStream)]) -> TokenStream {
    let mut rest = arms.iter().rev();
    let Some((binds, _, last)) = rest.next() else { return quote!(__j::Term::literal(())) };
    rest.fold(quote!({ #binds #last }), |otherwise, (binds, test, value)| {
        quote!({ #binds __j::Term::condition(&#test, &#value, &#otherwise) })
    })
}

fn chosen_effect(
    arms: &[(TokenStream, TokenStream, TokenStream)],
    places: &[Ident],
) -> TokenStream {
    let mut rest = arms.iter().rev();
    let Some((binds, _, last)) = rest.next() else { return current(places) };
    rest.fold(quote!({ #binds #last }), |otherwise, (binds, test, values)| {
        either(binds, test, values, &otherwise, places)
    })
}

/// The terms that the places have now.
fn current(places: &[Ident]) -> TokenStream {
    quote!((#(#places.clone(),)*))
}

/// The terms of the places after a branch.
pub(crate) fn either(
    binds: &TokenStream,
    test: &TokenStream,
    then: &TokenStream,
    otherwise: &TokenStream,
    places: &[Ident],
) -> TokenStream {
    let positions = (0..places.len()).map(syn::Index::from);
    quote! {{
        #binds
        let __test = #test;
        let __then = #then;
        let __otherwise = #otherwise;
        (#(__j::Term::condition(&__test, &__then.#positions, &__otherwise.#positions),)*)
    }}
}

/// Sets the places to the terms of a tuple.
pub(crate) fn merged(places: &[Ident], values: &TokenStream) -> TokenStream {
    if places.is_empty() {
        return TokenStream::new();
    }
    quote!(let (#(#places,)*) = #values;)
}

/// `let xs: Vec<_> = ...collect()`: the written type names what an iterator ends in.
fn name_result(expr: &mut Expr, ty: &Type) {
    match expr {
        Expr::Paren(inner) => name_result(&mut inner.expr, ty),
        Expr::MethodCall(node)
            if node.turbofish.is_none() && (node.method == "collect" || node.method == "sum") =>
        {
            node.turbofish = Some(syn::parse_quote!(::<#ty>));
        }
        _ => {}
    }
}
