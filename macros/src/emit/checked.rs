//! Checked operations: the operators of an exported workflow become calls that fail where the
//! exported form fails, and what is unwrapped is asked first whether it holds something.
//!
//! The plain operator stays beside the checked one, where it is never run: it gives the types, so
//! inference and its messages are those of the source. Generated tokens have the operands' spans, so
//! a wrong type is reported where it is written.

use crate::{diagnostics::ends, ir::awaited};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{
    BinOp, Block, Expr, ExprBinary, ExprConst, ExprMacro, ExprMethodCall, ExprRepeat, Item, Macro,
    Pat, Stmt, StmtMacro, Token, Type, UnOp,
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

/// A span of generated code that is shown at `span`.
fn at(span: Span) -> Span {
    Span::mixed_site().located_at(span)
}

/// `value` under a name: what to write where it is used, and the `match` around that.
///
/// A use is `name.v`, whose span is from the first to the last token of the value.
struct Operand {
    used: TokenStream,
    bound: Option<(TokenStream, TokenStream)>,
}

impl Operand {
    /// `checked` is evaluated once; `plain` says where it is written.
    fn new(name: &str, plain: &Expr, checked: &Expr) -> Self {
        if is_simple(plain) {
            return Self { used: plain.to_token_stream(), bound: None };
        }
        Self::bound(name, plain, checked)
    }

    /// The same before another operand that may change what this one reads.
    fn before(other: &Expr, name: &str, plain: &Expr, checked: &Expr) -> Self {
        if is_simple(other) || matches!(plain, Expr::Lit(_)) {
            return Self::new(name, plain, checked);
        }
        Self::bound(name, plain, checked)
    }

    fn bound(name: &str, plain: &Expr, checked: &Expr) -> Self {
        let (first, last) = ends(plain);
        let (pattern, used) = named(name, first, last);
        Self { used, bound: Some((pattern, bare(checked).to_token_stream())) }
    }

    fn around(&self, inside: TokenStream) -> TokenStream {
        match &self.bound {
            Some((pattern, value)) => held(value, pattern, &inside),
            None => inside,
        }
    }
}

/// A name, and its value with the span from `first` to `last`.
fn named(name: &str, first: Span, last: Span) -> (TokenStream, TokenStream) {
    let name = Ident::new(name, at(first));
    let end = at(last);
    let field = quote_spanned!(end=> .v);
    (quote!(#name), quote!(#name #field))
}

/// `match held(value) { pattern => inside }`: nothing outside tells `value` its type.
fn held(value: &TokenStream, pattern: &TokenStream, inside: &TokenStream) -> TokenStream {
    let span = Span::mixed_site();
    quote_spanned!(span=> match ::stepwright::__private::held(#value) { #pattern => #inside })
}

/// The plain operation, never run, beside the checked one; reported from `first` to `last`.
fn either(plain: &TokenStream, checked: &TokenStream, first: Span, last: Span) -> TokenStream {
    let (pattern, used) = named("__value", first, last);
    let span = Span::mixed_site();
    let sides = quote_spanned! {span=>
        if false { #plain } else {
            use ::stepwright::__private::workflow::ops::lookup::*;
            #checked
        }
    };
    held(&sides, &pattern, &used)
}

/// An expression without the parentheses that it needs as an operand, not as an argument.
fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(paren) => bare(&paren.expr),
        expr => expr,
    }
}

/// Whether an expression may be written twice where it is evaluated once.
fn is_simple(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(_) => true,
        Expr::Path(path) => path.path.get_ident().is_some(),
        // a step's value stands for the call, which is not
        Expr::Field(field) => awaited(expr).is_none() && is_simple(&field.base),
        _ => false,
    }
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

fn operation(plain: &ExprBinary, checked: &ExprBinary) -> Option<Expr> {
    let (name, assigns) = binary(&plain.op)?;
    let (first, last) = ends(plain);
    let op = &plain.op;
    let span = at(syn::spanned::Spanned::span(op));
    let method = Ident::new(name, span);
    let right = if assigns && !is_literal(&plain.right) {
        // it may read the place that is borrowed for the assignment
        Operand::bound("__right", &plain.right, &checked.right)
    } else {
        Operand::new("__right", &plain.right, &checked.right)
    };
    let code = if assigns {
        // the right side first, as Rust has it for numbers
        let ((start, end), place) = (ends(&plain.left), &checked.left);
        let borrow = at(start);
        let borrow = quote_spanned!(borrow=> &mut);
        let (pattern, left) = named("__left", start, end);
        let used = &right.used;
        let inner = quote_spanned! {span=>
            if false { *#left #op #used; } else {
                use ::stepwright::__private::workflow::ops::lookup::*;
                ::stepwright::__private::Operands(#left, #used).#method()
            }
        };
        right.around(held(&quote!(#borrow #place), &pattern, &inner))
    } else {
        let left = Operand::before(&plain.right, "__left", &plain.left, &checked.left);
        let (l, r) = (&left.used, &right.used);
        let call = quote_spanned!(span=> ::stepwright::__private::Operands(#l, #r).#method());
        left.around(right.around(either(&quote!(#l #op #r), &call, first, last)))
    };
    syn::parse2(code).ok()
}

/// A checked operation on one operand: `plain` gives the operator around what it is given.
fn unary(
    whole: impl ToTokens,
    (plain, checked): (&Expr, &Expr),
    operator: impl FnOnce(&TokenStream) -> TokenStream,
    method: &TokenStream,
) -> Option<Expr> {
    let (first, last) = ends(whole);
    let value = Operand::new("__operand", plain, checked);
    let span = Span::mixed_site();
    let used = &value.used;
    let call = quote_spanned!(span=> ::stepwright::__private::Operands(#used, ()).#method);
    let code = value.around(either(&operator(used), &call, first, last));
    syn::parse2(code).ok()
}

/// `value.unwrap()` and `value.expect(..)`: the value is asked before, which says where it fails.
fn unwrapped(plain: &Expr, node: &ExprMethodCall) -> Option<Expr> {
    let value = Operand::bound("__held", plain, &node.receiver);
    let used = &value.used;
    let (name, arguments) = (&node.method, &node.args);
    let start = name.span().start();
    let (line, column) = (start.line, start.column + 1);
    let call = if node.args.is_empty() { format!("`{name}()`") } else { format!("`{name}(..)`") };
    let span = at(name.span());
    let code = quote_spanned! {span=> {
        use ::stepwright::__private::workflow::ops::lookup::*;
        (&::stepwright::__private::workflow::ops::Unwrapped(&#used)).must_hold(::core::concat!(#call, " at ", ::core::file!(), ":", #line, ":", #column));
        #used.#name(#arguments)
    }};
    syn::parse2(value.around(code)).ok()
}

/// `items.sum::<T>()`: every addition is checked.
fn total(plain: &ExprMethodCall, items: &Expr) -> Option<Expr> {
    let ty = plain.turbofish.as_ref().and_then(|turbofish| turbofish.args.first())?;
    let value = Operand::bound("__items", &plain.receiver, items);
    let (used, name, turbofish) = (&value.used, &plain.method, &plain.turbofish);
    let (first, last) = ends(plain);
    let span = Span::mixed_site();
    let call = quote_spanned! {span=>
        ::stepwright::__private::Operands(#used, ::core::marker::PhantomData::<#ty>).total()
    };
    syn::parse2(value.around(either(&quote!(#used.#name #turbofish ()), &call, first, last))).ok()
}

fn is_unwrap(node: &ExprMethodCall) -> bool {
    (node.method == "unwrap" && node.args.is_empty())
        || (node.method == "expect" && node.args.len() == 1)
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
            Expr::Unary(node) if matches!(node.op, UnOp::Neg(_)) && !is_literal(&node.expr) => {
                let (plain, op) = (node.clone(), node.op);
                visit_mut::visit_expr_unary_mut(self, node);
                let operator = |value: &TokenStream| quote!(#op #value);
                unary(&plain, (&plain.expr, &node.expr), operator, &quote!(neg()))
            }
            Expr::Cast(node) => {
                let (plain, ty) = (node.clone(), node.ty.clone());
                visit_mut::visit_expr_cast_mut(self, node);
                let operator = |value: &TokenStream| quote!(#value as #ty);
                unary(&plain, (&plain.expr, &node.expr), operator, &quote!(cast()))
            }
            Expr::MethodCall(node) if is_unwrap(node) => {
                let plain = node.receiver.clone();
                visit_mut::visit_expr_method_call_mut(self, node);
                unwrapped(&plain, node)
            }
            Expr::MethodCall(node) if node.method == "sum" && node.args.is_empty() => {
                let plain = node.clone();
                visit_mut::visit_expr_method_call_mut(self, node);
                total(&plain, &node.receiver)
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

    // what is constant is checked by Rust
    fn visit_expr_const_mut(&mut self, _: &mut ExprConst) {}

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
