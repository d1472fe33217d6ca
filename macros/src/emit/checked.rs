//! Checked arithmetic: the operators of an exported workflow become calls that fail where the
//! exported form fails.
//!
//! `l + r` becomes `either(if false { Err(l + r) } else { Ok(ops::add(l, r)) })`: the operator itself
//! gives the types, so inference and its messages are those of the source. Generated tokens have the
//! operand's spans, so a wrong type is reported where it is written.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprCast, ExprMacro, ExprRepeat, ExprUnary, Item, Macro, Pat,
    Stmt, StmtMacro, Token, Type, UnOp,
    parse::Parser as _,
    punctuated::Punctuated,
    visit_mut::{self, VisitMut},
};

/// Checks the arithmetic of a block.
pub(crate) fn block(block: &mut Block) {
    Checked.visit_block_mut(block);
}

/// Checks the arithmetic of an expression.
pub(crate) fn expr(expr: &mut Expr) {
    Checked.visit_expr_mut(expr);
}

/// Checks the arithmetic of a statement.
pub(crate) fn stmt(stmt: &mut Stmt) {
    Checked.visit_stmt_mut(stmt);
}

/// Macros whose arguments are expressions.
const FUNCTION_LIKE: &[&str] = &[
    "format",
    "vec",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "debug_assert_ne",
    "print",
    "println",
    "eprint",
    "eprintln",
    "write",
    "writeln",
    "panic",
    "join",
    "try_join",
];

struct Checked;

/// First and last span of some tokens.
fn ends(tokens: impl ToTokens) -> (Span, Span) {
    let mut spans = tokens.into_token_stream().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::call_site);
    (first, spans.last().unwrap_or(first))
}

/// A span of generated code that is shown at `span`.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// `either(if false { Err(plain) } else { Ok(checked) })`, reported from `first` to `last`.
fn either(plain: &TokenStream, checked: &TokenStream, first: Span, last: Span) -> Expr {
    let (start, end) = (at(first), at(last));
    let path = quote_spanned!(start=> ::stepwright::__private::either);
    let inner = quote_spanned! {end=>
        (if false {
            ::core::result::Result::Err(#plain)
        } else {
            ::core::result::Result::Ok(#checked)
        })
    };
    syn::parse_quote!(#path #inner)
}

fn binary(op: &BinOp) -> Option<(&'static str, bool)> {
    Some(match op {
        BinOp::Add(_) => ("add", false),
        BinOp::Sub(_) => ("sub", false),
        BinOp::Mul(_) => ("mul", false),
        BinOp::Div(_) => ("div", false),
        BinOp::Rem(_) => ("rem", false),
        BinOp::AddAssign(_) => ("add_assign", true),
        BinOp::SubAssign(_) => ("sub_assign", true),
        BinOp::MulAssign(_) => ("mul_assign", true),
        BinOp::DivAssign(_) => ("div_assign", true),
        BinOp::RemAssign(_) => ("rem_assign", true),
        _ => return None,
    })
}

fn operation(node: &ExprBinary, checked: &ExprBinary) -> Option<Expr> {
    let (name, assigns) = binary(&node.op)?;
    let (first, last) = ends(node);
    let function = Ident::new(name, at(syn::spanned::Spanned::span(&node.op)));
    let (left, right) = (&checked.left, &checked.right);
    let span = at(first);
    if assigns {
        // the right side first, as Rust has it for numbers
        return Some(syn::parse_quote_spanned! {span=>
            if false { #node } else {
                match #right {
                    __right => ::stepwright::__private::workflow::ops::#function(&mut #left, __right),
                }
            }
        });
    }
    let call = quote_spanned!(span=>
        ::stepwright::__private::workflow::ops::#function(#left, #right));
    Some(either(&node.to_token_stream(), &call, first, last))
}

fn is_literal(expr: &Expr) -> bool {
    matches!(expr, Expr::Lit(_))
}

impl Checked {
    fn arguments(&mut self, mac: &mut Macro) {
        let is_known = mac
            .path
            .segments
            .last()
            .is_some_and(|last| FUNCTION_LIKE.iter().any(|name| last.ident == name));
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        if is_known && let Ok(mut arguments) = parser.parse2(mac.tokens.clone()) {
            for argument in &mut arguments {
                match argument {
                    // a named argument of a format string
                    Expr::Assign(named) => self.visit_expr_mut(&mut named.right),
                    argument => self.visit_expr_mut(argument),
                }
            }
            mac.tokens = arguments.to_token_stream();
        }
    }

    fn rewritten(&mut self, expr: &mut Expr) -> Option<Expr> {
        match expr {
            Expr::Binary(node) => {
                binary(&node.op)?;
                let plain = node.clone();
                visit_mut::visit_expr_binary_mut(self, node);
                operation(&plain, node)
            }
            Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr: inner, .. }) if !is_literal(inner) => {
                let plain = expr.to_token_stream();
                let Expr::Unary(node) = expr else { return None };
                visit_mut::visit_expr_unary_mut(self, node);
                let ((first, last), value) = (ends(&plain), &node.expr);
                let span = at(first);
                let call =
                    quote_spanned!(span=> ::stepwright::__private::workflow::ops::neg(#value));
                Some(either(&plain, &call, first, last))
            }
            Expr::Cast(node) => {
                let plain = node.to_token_stream();
                visit_mut::visit_expr_cast_mut(self, node);
                let ExprCast { expr: value, ty, .. } = &*node;
                let (first, last) = ends(&plain);
                let span = at(first);
                let call = quote_spanned!(span=>
                    ::stepwright::__private::workflow::ops::cast::<#ty, _>(#value));
                Some(either(&plain, &call, first, last))
            }
            _ => None,
        }
    }
}

impl VisitMut for Checked {
    fn visit_expr_mut(&mut self, expr: &mut Expr) {
        match self.rewritten(expr) {
            Some(checked) => *expr = checked,
            None => visit_mut::visit_expr_mut(self, expr),
        }
    }

    // the length of an array is a constant, which Rust checks
    fn visit_expr_repeat_mut(&mut self, node: &mut ExprRepeat) {
        self.visit_expr_mut(&mut node.expr);
    }

    fn visit_expr_macro_mut(&mut self, node: &mut ExprMacro) {
        self.arguments(&mut node.mac);
    }

    fn visit_stmt_macro_mut(&mut self, node: &mut StmtMacro) {
        self.arguments(&mut node.mac);
    }

    fn visit_type_mut(&mut self, _: &mut Type) {}

    fn visit_pat_mut(&mut self, _: &mut Pat) {}

    fn visit_item_mut(&mut self, _: &mut Item) {}
}
