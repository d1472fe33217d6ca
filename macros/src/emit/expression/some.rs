//! What is put into an `Option`: never what may be `null` itself, which nobody could tell from
//! `None`.

use super::{Translator, method::SAME, pattern::enum_of};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Block, Expr, ExprCall, Path, Stmt, UnOp, spanned::Spanned as _};

/// What gives no `null`, whatever the types are: conversions have a form only between texts, numbers
/// and lists, and defaults are of those.
const NEVER_NULL: &[&str] = &["into", "collect", "len", "to_string", "unwrap_or_default"];

impl Translator<'_> {
    /// `Some(value)`.
    pub(super) fn some(&mut self, node: &mut ExprCall) -> TokenStream {
        if node.args.first().is_some_and(is_null) {
            return self.refuse_with(
                &node.func,
                "an `Option` of what may be null itself can't be told apart from nothing in an exported workflow",
                "use an enum marked `#[data]` with a variant for each case, or mark the workflow `#[workflow(export = false)]`",
            );
        }
        let witnesses = node.args.first().map(|value| self.ends(value)).unwrap_or_default();
        let value = self.argument(node);
        quote!({ #(__j::option::may_be_in_some(#witnesses);)* #value })
    }

    /// Witnesses of where a value ends whose type must say whether it may be null. One whose type
    /// only its use tells is not asked: it is made here, of what is there.
    pub(super) fn ends(&mut self, value: &Expr) -> Vec<TokenStream> {
        let (mut asking, mut witnesses) = (value.clone(), Vec::new());
        self.end(&mut asking, &mut witnesses);
        if !witnesses.is_empty() {
            self.bind(quote_spanned!(value.span()=> #asking;));
        }
        witnesses
    }

    /// Replaces each end of a value by what binds its witness.
    fn end(&mut self, value: &mut Expr, witnesses: &mut Vec<TokenStream>) {
        match value {
            Expr::Paren(inner) => self.end(&mut inner.expr, witnesses),
            Expr::Reference(inner) => {
                self.end(&mut inner.expr, witnesses);
                *value = (*inner.expr).clone();
            }
            Expr::Block(node) => self.end_of_block(&mut node.block, witnesses),
            Expr::If(node) => match &mut node.else_branch {
                Some((_, other)) => {
                    self.end_of_block(&mut node.then_branch, witnesses);
                    self.end(other, witnesses);
                }
                None => self.ask(value, witnesses),
            },
            Expr::Match(node) => {
                node.arms.iter_mut().for_each(|arm| self.end(&mut arm.body, witnesses));
            }
            Expr::MethodCall(node) if SAME.iter().any(|name| node.method == name) => {
                self.end(&mut node.receiver, witnesses);
                *value = (*node.receiver).clone();
            }
            _ => match made_of(value) {
                Made::Value => *value = syn::parse_quote!(()),
                Made::Type(ty) => {
                    witnesses.push(quote_spanned!(ty.span()=> &__j::witness::one::<#ty>()));
                    *value = syn::parse_quote!(());
                }
                Made::Unknown => self.ask(value, witnesses),
            },
        }
    }

    fn end_of_block(&mut self, block: &mut Block, witnesses: &mut Vec<TokenStream>) {
        match block.stmts.last_mut() {
            Some(Stmt::Expr(last, None)) => self.end(last, witnesses),
            // a text or a list
            Some(Stmt::Macro(node)) if node.semi_token.is_none() => {
                block.stmts.pop();
            }
            Some(Stmt::Expr(Expr::Return(_) | Expr::Break(_) | Expr::Continue(_), _)) => {}
            _ => {
                let mut nothing = syn::parse_quote_spanned!(block.span()=> ());
                self.ask(&mut nothing, witnesses);
                block.stmts.push(Stmt::Expr(nothing, None));
            }
        }
    }

    fn ask(&mut self, value: &mut Expr, witnesses: &mut Vec<TokenStream>) {
        let witness = self.witness(&quote!(one), value.span());
        *value = Expr::Verbatim(quote_spanned!(value.span()=> #witness.bind(&(#value))));
        witnesses.push(super::asked(&witness));
    }
}

/// What syntax says of a value.
enum Made {
    /// It is never null.
    Value,
    /// It is of this type, which must say it.
    Type(TokenStream),
    /// Its type must say it, which rustc infers.
    Unknown,
}

fn made_of(value: &Expr) -> Made {
    match value {
        Expr::Struct(node) => made_by(&node.path),
        Expr::Call(node) => match &*node.func {
            Expr::Path(function) if ends_in(&function.path, "Some") => Made::Unknown,
            Expr::Path(function) => made_by(&function.path),
            _ => Made::Value,
        },
        // of what it is none, its use tells
        Expr::Path(node) if ends_in(&node.path, "None") => {
            Made::Type(quote_spanned!(node.span()=> ::core::option::Option<()>))
        }
        Expr::Unary(node) if matches!(node.op, UnOp::Deref(_)) => Made::Unknown,
        Expr::MethodCall(node) if NEVER_NULL.iter().any(|name| node.method == name) => Made::Value,
        // operators give numbers, texts and booleans
        Expr::Lit(_)
        | Expr::Binary(_)
        | Expr::Unary(_)
        | Expr::Cast(_)
        | Expr::Array(_)
        | Expr::Macro(_)
        | Expr::Return(_)
        | Expr::Break(_)
        | Expr::Continue(_) => Made::Value,
        Expr::Tuple(node) if !node.elems.is_empty() => Made::Value,
        _ => Made::Unknown,
    }
}

/// What the call of a constructor makes. A variant's JSON names it; a struct may have that of its
/// only field.
fn made_by(path: &Path) -> Made {
    let Some(last) = path.segments.last() else { return Made::Value };
    let is_struct = last.ident.to_string().starts_with(char::is_uppercase)
        && enum_of(path).is_none()
        && !ends_in(path, "Ok")
        && !ends_in(path, "Err");
    if is_struct { Made::Type(quote!(#path)) } else { Made::Value }
}

fn ends_in(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// Whether a value is an `Option` or nothing, by syntax.
fn is_null(value: &Expr) -> bool {
    match value {
        Expr::Paren(inner) => is_null(&inner.expr),
        Expr::Reference(inner) => is_null(&inner.expr),
        Expr::Path(node) => ends_in(&node.path, "None"),
        Expr::Tuple(tuple) => tuple.elems.is_empty(),
        Expr::Call(node) => matches!(&*node.func, Expr::Path(node) if ends_in(&node.path, "Some")),
        _ => false,
    }
}
