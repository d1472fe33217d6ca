//! Which variables a native fragment mentions, with the scopes inside the fragment respected.

use super::{Lower, patterns};
use crate::ir::{Info, VarId, Vars};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use std::collections::BTreeSet;
use syn::{
    Arm, BinOp, Block, Expr, ExprAssign, ExprBinary, ExprClosure, ExprForLoop, ExprIf, ExprLet,
    ExprPath, ExprReference, ExprWhile, Item, Local, Macro, Pat, Token,
    parse::Parser as _,
    punctuated::Punctuated,
    visit::{self, Visit},
};

/// Collects the variables of a fragment.
pub(super) struct Mentions<'l, 'e> {
    lower: &'l Lower<'e>,
    hidden: Vec<BTreeSet<String>>,
    uses: Vars,
    may: Vars,
    in_macro: bool,
    /// Assignments to variables of an enclosing frame.
    pub(super) foreign: Vec<(Span, String)>,
}

impl<'l, 'e> Mentions<'l, 'e> {
    pub(super) fn new(lower: &'l Lower<'e>) -> Self {
        Self {
            lower,
            hidden: vec![BTreeSet::new()],
            uses: Vars::new(),
            may: Vars::new(),
            in_macro: false,
            foreign: Vec::new(),
        }
    }

    /// What was found.
    pub(super) fn info(&self) -> Info {
        Info { uses: self.uses.clone(), may: self.may.clone(), ..Info::default() }
    }

    fn visible(&self, name: &str) -> Option<VarId> {
        let is_hidden = self.hidden.iter().any(|names| names.contains(name));
        if is_hidden { None } else { self.lower.lookup(name) }
    }

    fn mention(&mut self, name: &str) {
        if let Some(var) = self.visible(name) {
            self.uses.insert(var);
        }
    }

    fn hide(&mut self, pat: &Pat) {
        for binding in patterns::of_pattern(pat) {
            if let Some(names) = self.hidden.last_mut() {
                names.insert(binding.ident.to_string());
            }
        }
    }

    fn scope(&mut self, inside: impl FnOnce(&mut Self)) {
        self.hidden.push(BTreeSet::new());
        inside(self);
        self.hidden.pop();
    }

    /// The place `expr` is written.
    fn written(&mut self, expr: &Expr) {
        match expr {
            Expr::Path(path) => {
                let Some(ident) = path.path.get_ident() else { return };
                let Some(var) = self.visible(&ident.to_string()) else { return };
                if self.lower.is_foreign(var) {
                    self.foreign.push((ident.span(), ident.to_string()));
                }
            }
            Expr::Field(field) => self.written(&field.base),
            Expr::Index(index) => self.written(&index.expr),
            Expr::Paren(paren) => self.written(&paren.expr),
            _ => {}
        }
    }

    fn tokens(&mut self, tokens: TokenStream) {
        let mut after_dot = false;
        for token in tokens {
            let is_dot = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '.');
            match token {
                TokenTree::Ident(ident) if !after_dot => self.mention(&ident.to_string()),
                TokenTree::Group(group) => self.tokens(group.stream()),
                TokenTree::Literal(literal) => self.literal(&literal.to_string()),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
            after_dot = is_dot;
        }
    }

    /// A string may be a format string: `{name}`, `{name:?}`, `{:width$}`.
    fn literal(&mut self, text: &str) {
        if !text.contains('"') {
            return;
        }
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('{') {
            if let Some(escaped) = after.strip_prefix('{') {
                rest = escaped;
                continue;
            }
            let Some((inside, after)) = after.split_once('}') else { return };
            let (name, spec) = inside.split_once(':').unwrap_or((inside, ""));
            self.mention(name.trim());
            for width in spec.split('$').rev().skip(1) {
                self.mention(
                    width.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap_or(""),
                );
            }
            rest = after;
        }
    }

    /// `format!("{a}", b, name = c)` and its like.
    fn arguments(&mut self, arguments: Punctuated<Expr, Token![,]>) {
        for argument in arguments {
            match &argument {
                Expr::Assign(named) => self.visit_expr(&named.right),
                argument => self.visit_expr(argument),
            }
        }
    }
}

/// Whether it is `+=` or its like.
pub(crate) fn is_compound(op: &BinOp) -> bool {
    matches!(
        op,
        BinOp::AddAssign(_)
            | BinOp::SubAssign(_)
            | BinOp::MulAssign(_)
            | BinOp::DivAssign(_)
            | BinOp::RemAssign(_)
            | BinOp::BitXorAssign(_)
            | BinOp::BitAndAssign(_)
            | BinOp::BitOrAssign(_)
            | BinOp::ShlAssign(_)
            | BinOp::ShrAssign(_)
    )
}

/// The ident of a plain local.
pub(super) fn plain(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

impl<'a> Visit<'a> for Mentions<'_, '_> {
    fn visit_expr_path(&mut self, node: &'a ExprPath) {
        if let Some(ident) = node.path.get_ident() {
            self.mention(&ident.to_string());
        }
    }

    fn visit_lit_str(&mut self, node: &'a syn::LitStr) {
        // outside of macros a string mentions nothing
        if self.in_macro {
            self.literal(&node.token().to_string());
        }
    }

    fn visit_macro(&mut self, node: &'a Macro) {
        let is_matches = node.path.segments.last().is_some_and(|last| last.ident == "matches");
        if is_matches && let Ok((expr, pat)) = node.parse_body_with(parse_matches) {
            self.visit_expr(&expr);
            self.scope(|inside| {
                inside.hide(&pat);
                inside.visit_pat(&pat);
            });
            return;
        }
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        match parser.parse2(node.tokens.clone()) {
            Ok(arguments) => {
                let before = std::mem::replace(&mut self.in_macro, true);
                self.arguments(arguments);
                self.in_macro = before;
            }
            Err(_) => self.tokens(node.tokens.clone()),
        }
    }

    fn visit_item(&mut self, _: &'a Item) {}

    fn visit_expr_reference(&mut self, node: &'a ExprReference) {
        if node.mutability.is_some() {
            self.written(&node.expr);
        }
        visit::visit_expr_reference(self, node);
    }

    fn visit_expr_binary(&mut self, node: &'a ExprBinary) {
        if is_compound(&node.op) {
            self.written(&node.left);
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_assign(&mut self, node: &'a ExprAssign) {
        self.written(&node.left);
        self.visit_expr(&node.right);
        match plain(&node.left) {
            Some(ident) => {
                if let Some(var) = self.visible(&ident.to_string()) {
                    self.may.insert(var);
                }
            }
            None => self.visit_expr(&node.left),
        }
    }

    fn visit_block(&mut self, node: &'a Block) {
        self.scope(|inside| visit::visit_block(inside, node));
    }

    fn visit_local(&mut self, node: &'a Local) {
        if let Some(init) = &node.init {
            self.visit_expr(&init.expr);
            if let Some((_, diverge)) = &init.diverge {
                self.visit_expr(diverge);
            }
        }
        self.hide(&node.pat);
    }

    fn visit_expr_closure(&mut self, node: &'a ExprClosure) {
        self.scope(|inside| {
            node.inputs.iter().for_each(|pat| inside.hide(pat));
            inside.visit_expr(&node.body);
        });
    }

    fn visit_arm(&mut self, node: &'a Arm) {
        self.scope(|inside| {
            inside.hide(&node.pat);
            inside.visit_pat(&node.pat);
            inside.visit_expr(&node.body);
        });
    }

    fn visit_pat_ident(&mut self, _: &'a syn::PatIdent) {}

    fn visit_expr_let(&mut self, node: &'a ExprLet) {
        self.visit_expr(&node.expr);
        self.hide(&node.pat);
    }

    fn visit_expr_if(&mut self, node: &'a ExprIf) {
        self.scope(|inside| {
            inside.visit_expr(&node.cond);
            inside.visit_block(&node.then_branch);
        });
        if let Some((_, els)) = &node.else_branch {
            self.visit_expr(els);
        }
    }

    fn visit_expr_while(&mut self, node: &'a ExprWhile) {
        self.scope(|inside| {
            inside.visit_expr(&node.cond);
            inside.visit_block(&node.body);
        });
    }

    fn visit_expr_for_loop(&mut self, node: &'a ExprForLoop) {
        self.visit_expr(&node.expr);
        self.scope(|inside| {
            inside.hide(&node.pat);
            inside.visit_block(&node.body);
        });
    }
}

fn parse_matches(input: syn::parse::ParseStream<'_>) -> syn::Result<(Expr, Pat)> {
    let expr = input.parse()?;
    input.parse::<Token![,]>()?;
    let pat = Pat::parse_multi_with_leading_vert(input)?;
    let pat = if input.peek(Token![if]) {
        let if_token = input.parse()?;
        let guard = input.parse()?;
        Pat::Guard(syn::PatGuard { attrs: Vec::new(), pat: Box::new(pat), if_token, guard })
    } else {
        pat
    };
    input.parse::<Option<Token![,]>>()?;
    Ok((expr, pat))
}
