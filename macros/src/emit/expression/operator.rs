//! Operators and conversions.

use super::Translator;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{BinOp, Expr, ExprBinary, ExprCast, ExprUnary, Lit, UnOp, spanned::Spanned as _};

/// The function of an arithmetic operator or its assignment.
pub(super) fn arithmetic(op: &BinOp) -> Option<TokenStream> {
    Some(match op {
        BinOp::Add(_) | BinOp::AddAssign(_) => quote!(add),
        BinOp::Sub(_) | BinOp::SubAssign(_) => quote!(subtract),
        BinOp::Mul(_) | BinOp::MulAssign(_) => quote!(multiply),
        BinOp::Div(_) | BinOp::DivAssign(_) => quote!(divide),
        BinOp::Rem(_) | BinOp::RemAssign(_) => quote!(remainder),
        _ => return None,
    })
}

fn comparison(op: &BinOp) -> Option<TokenStream> {
    Some(match op {
        BinOp::Lt(_) => quote!(less),
        BinOp::Le(_) => quote!(at_most),
        BinOp::Gt(_) => quote!(greater),
        BinOp::Ge(_) => quote!(at_least),
        _ => return None,
    })
}

fn equality(op: &BinOp) -> Option<TokenStream> {
    Some(match op {
        BinOp::Eq(_) => quote!(equal),
        BinOp::Ne(_) => quote!(differ),
        _ => return None,
    })
}

/// Whether an expression is a number whose type comes from elsewhere.
fn is_number(expr: &Expr) -> bool {
    match expr {
        Expr::Lit(node) => match &node.lit {
            Lit::Int(number) => number.suffix().is_empty(),
            Lit::Float(number) => number.suffix().is_empty(),
            _ => false,
        },
        Expr::Unary(node) => matches!(node.op, UnOp::Neg(_)) && is_number(&node.expr),
        Expr::Paren(node) => is_number(&node.expr),
        _ => false,
    }
}

/// Whether the type of a value comes from elsewhere.
fn untyped(expr: &Expr) -> bool {
    match expr {
        expr if is_number(expr) => true,
        Expr::Unary(node) => matches!(node.op, UnOp::Neg(_)) && untyped(&node.expr),
        Expr::Paren(node) => untyped(&node.expr),
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Array(node) => node.elems.is_empty(),
        Expr::Macro(node) => node.mac.path.is_ident("vec") && node.mac.tokens.is_empty(),
        Expr::Call(node) => node.args.is_empty(),
        _ => false,
    }
}

impl Translator<'_> {
    pub(super) fn binary(&mut self, node: &mut ExprBinary) -> TokenStream {
        if let BinOp::And(_) = node.op {
            let (left, right) = (self.expr(&mut node.left), self.expr(&mut node.right));
            return quote!(__j::compare::and(&#left, &#right));
        }
        if let BinOp::Or(_) = node.op {
            let (left, right) = (self.expr(&mut node.left), self.expr(&mut node.right));
            return quote!(__j::compare::or(&#left, &#right));
        }
        let function = match (arithmetic(&node.op), comparison(&node.op), equality(&node.op)) {
            (Some(function), ..) | (_, Some(function), _) => quote!(__j::number::#function),
            (_, _, Some(function)) => quote!(__j::compare::#function),
            _ => return self.refuse(node.op, "this operator"),
        };
        self.operation(&function, &node.op, &mut node.left, &mut node.right)
    }

    /// `left op right` by `function`, which gets a witness of both types.
    pub(super) fn operation(
        &mut self,
        function: &TokenStream,
        op: &BinOp,
        left: &mut Expr,
        right: &mut Expr,
    ) -> TokenStream {
        if comparison(op).is_some() && is_number(left) != is_number(right) {
            return self.beside_literal(function, op, left, right);
        }
        // A bare number has the type of the other side.
        let witness = match (untyped(left), untyped(right)) {
            (true, false) => self.pair(right, None, op.span()),
            (false, true) => self.pair(left, None, op.span()),
            _ => self.pair(left, Some(right), op.span()),
        };
        let (left, right) = (self.expr(left), self.expr(right));
        quote!(#function(#witness, &#left, &#right))
    }

    /// A comparison with a bare number, which has the type of the other side.
    fn beside_literal(
        &mut self,
        function: &TokenStream,
        op: &BinOp,
        left: &mut Expr,
        right: &mut Expr,
    ) -> TokenStream {
        let witness = self.one_at(if is_number(left) { right } else { left }, op.span());
        let (left, right) = (self.expr(left), self.expr(right));
        let pair = quote_spanned!(op.span()=> &(#witness).beside_literal());
        quote!(#function(#pair, &#left, &#right))
    }

    pub(super) fn unary(&mut self, node: &mut ExprUnary) -> TokenStream {
        match node.op {
            UnOp::Deref(_) => self.expr(&mut node.expr),
            UnOp::Not(_) => {
                let witness = self.one(&node.expr);
                let value = self.expr(&mut node.expr);
                quote!(__j::compare::negation(#witness, &#value))
            }
            UnOp::Neg(_) => {
                if untyped(&node.expr) {
                    let value = self.expr(&mut node.expr);
                    return quote!(__j::number::negative(&#value));
                }
                let witness = self.one(&node.expr);
                let value = self.expr(&mut node.expr);
                quote!(__j::number::negate(#witness, &#value))
            }
            _ => self.refuse(node.op, "this operator"),
        }
    }

    pub(super) fn cast(&mut self, node: &mut ExprCast) -> TokenStream {
        if untyped(&node.expr) {
            return self.expr(&mut node.expr);
        }
        let witness = self.one(&node.expr);
        let value = self.expr(&mut node.expr);
        let ty = &node.ty;
        quote!(__j::number::cast::<_, #ty>(#witness, &#value))
    }
}
