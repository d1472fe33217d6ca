//! Calls, struct literals and macros.

use super::{Translator, pattern::enum_of};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Expr, ExprCall, ExprStruct, LitStr, Macro, Member, Pat, Path, Token, parse::Parser as _,
    punctuated::Punctuated,
};

impl Translator<'_> {
    pub(super) fn call(&mut self, node: &mut ExprCall) -> TokenStream {
        let Expr::Path(function) = &*node.func else {
            return self.refuse(&node.func, "this call");
        };
        let path = function.path.clone();
        let Some(last) = path.segments.last() else { return self.refuse(&node.func, "this call") };
        let name = last.ident.to_string();
        let owner = path.segments.iter().rev().nth(1).map(|segment| segment.ident.to_string());
        match (owner.as_deref(), name.as_str(), node.args.len()) {
            (_, "Some", 1) => self.some(node),
            (_, "Ok", 1) => {
                let value = self.argument(node);
                quote!(__j::data::success(&#value))
            }
            (_, "Err", 1) => {
                let value = self.argument(node);
                quote!(__j::data::failure(&#value))
            }
            (Some("String"), "new", 0) => quote!(__j::Term::literal("")),
            (Some("Vec"), "new", 0) => quote!(__j::empty()),
            (Some("Vec"), "with_capacity", 1) => quote!(__j::empty()),
            (Some("String" | "Box" | "Vec"), "from", 1) | (Some("Box"), "new", 1) => {
                self.converted(node)
            }
            (Some("f64" | "i64" | "u64" | "i32" | "u32" | "usize"), "from", 1) => {
                self.converted(node)
            }
            _ if name.starts_with(char::is_uppercase) => self.constructor(&path, node),
            _ => self.refuse_call(&path, &Expr::Call(node.clone())),
        }
    }

    pub(super) fn argument(&mut self, node: &mut ExprCall) -> TokenStream {
        match node.args.first_mut() {
            Some(argument) => self.expr(argument),
            None => quote!(__j::Term::literal(())),
        }
    }

    /// A conversion that keeps the JSON.
    fn converted(&mut self, node: &mut ExprCall) -> TokenStream {
        match node.args.first_mut() {
            Some(argument) => self.same(argument),
            None => quote!(__j::Term::literal(())),
        }
    }

    /// The value itself, of a type whose conversions keep the JSON.
    pub(super) fn same(&mut self, value: &mut Expr) -> TokenStream {
        let witness = self.one(value);
        let value = self.expr(value);
        quote!(__j::same(#witness, &#value))
    }

    /// A tuple struct or variant.
    fn constructor(&mut self, path: &Path, node: &mut ExprCall) -> TokenStream {
        let values: Vec<TokenStream> = node
            .args
            .iter_mut()
            .map(|argument| {
                let look = self.look(argument);
                let value = self.expr(argument);
                quote!((#value, #look))
            })
            .collect();
        let values = quote!(::std::vec![#(#values),*]);
        match (enum_of(path), path.segments.last()) {
            (Some(ty), Some(last)) => {
                let name = last.ident.to_string();
                quote!(__j::data::variant_of::<#ty>(#name, __j::data::Payload::Positional(#values)))
            }
            _ => quote!(__j::data::tuple_of::<#path>(#values)),
        }
    }

    pub(super) fn record(&mut self, node: &mut ExprStruct) -> TokenStream {
        let mut values = Vec::new();
        for field in &mut node.fields {
            let Member::Named(name) = &field.member else { continue };
            let name = name.to_string();
            let name = name.trim_start_matches("r#").to_owned();
            let value = self.expr(&mut field.expr);
            values.push(quote!((#name, #value)));
        }
        let values = quote!(::std::vec![#(#values),*]);
        let path = &node.path;
        match (enum_of(path), path.segments.last()) {
            (Some(ty), Some(last)) => {
                let name = last.ident.to_string();
                quote!(__j::data::variant_of::<#ty>(#name, __j::data::Payload::Named(#values)))
            }
            _ => {
                let base = match &mut node.rest {
                    Some(rest) => {
                        let rest = self.expr(rest);
                        quote!(::core::option::Option::Some(&#rest))
                    }
                    None => quote!(::core::option::Option::None),
                };
                quote!(__j::data::record::<#path>(#values, #base))
            }
        }
    }

    // ------------------------------------------------------------------ macros

    pub(super) fn macro_call(&mut self, mac: &mut Macro) -> TokenStream {
        let name = mac.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        match name.as_str() {
            "format" => self.format(mac),
            "vec" => self.vec(mac),
            "matches" => self.matches(mac),
            _ => self.refuse_macro(&mac.path),
        }
    }

    fn vec(&mut self, mac: &Macro) -> TokenStream {
        let parser = Punctuated::<Expr, Token![,]>::parse_terminated;
        match parser.parse2(mac.tokens.clone()) {
            Ok(mut items) => self.array(items.iter_mut()),
            Err(_) => self.refuse(&mac.path, "`vec![value; count]`"),
        }
    }

    fn matches(&mut self, mac: &Macro) -> TokenStream {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let value: Expr = input.parse()?;
            input.parse::<Token![,]>()?;
            let pat = Pat::parse_multi_with_leading_vert(input)?;
            let guarded = input.parse::<Option<Token![if]>>()?.is_some();
            if guarded {
                return Err(input.error("guard"));
            }
            input.parse::<Option<Token![,]>>()?;
            Ok((value, pat))
        };
        match parser.parse2(mac.tokens.clone()) {
            Ok((mut value, pat)) => {
                let (local, term) = (self.local(), self.expr(&mut value));
                let fit = self.pattern(&pat, &quote!(#local.clone()));
                let test = super::block::test_of(&fit);
                quote!({ let #local = #term; #test })
            }
            Err(_) => self.refuse(&mac.path, "`matches!` with a guard"),
        }
    }

    /// `format!("{a} {}", b)` with strings and integers.
    fn format(&mut self, mac: &Macro) -> TokenStream {
        let parser = |input: syn::parse::ParseStream<'_>| {
            let text: LitStr = input.parse()?;
            input.parse::<Option<Token![,]>>()?;
            let arguments = Punctuated::<Expr, Token![,]>::parse_terminated(input)?;
            Ok((text, arguments))
        };
        let Ok((text, arguments)) = parser.parse2(mac.tokens.clone()) else {
            return self.refuse(&mac.path, "this `format!`");
        };
        let Some(pieces) = pieces(&text.value()) else {
            return self.refuse_with(
                &text,
                "only plain `{}` and `{name}` have an exported form in `format!`",
                super::ADVICE,
            );
        };
        let mut arguments = arguments.into_iter();
        let mut parts = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Text(text) => parts.push(quote!(__j::Term::literal(#text))),
                Piece::Next => match arguments.next() {
                    Some(mut argument) => parts.push(self.displayed(&mut argument)),
                    None => return self.refuse(&text, "this `format!`"),
                },
                Piece::Name(name) => {
                    let name = Ident::new(&name, text.span().resolved_at(Span::call_site()));
                    let mut argument: Expr = syn::parse_quote!(#name);
                    parts.push(self.displayed(&mut argument));
                }
            }
        }
        if arguments.next().is_some() {
            return self.refuse(&text, "a named or numbered argument of `format!`");
        }
        quote!(__j::textual::concat(&[#(#parts),*]))
    }

    pub(super) fn displayed(&mut self, value: &mut Expr) -> TokenStream {
        let witness = self.one(value);
        let value = self.expr(value);
        quote!(__j::textual::display(#witness, &#value))
    }
}

/// A piece of a format string.
enum Piece {
    Text(String),
    Next,
    Name(String),
}

/// The pieces of a format string; `None` if it has more than plain placeholders.
fn pieces(text: &str) -> Option<Vec<Piece>> {
    let (mut pieces, mut plain) = (Vec::new(), String::new());
    let mut chars = text.chars().peekable();
    while let Some(letter) = chars.next() {
        match letter {
            '{' if chars.peek() == Some(&'{') => {
                chars.next();
                plain.push('{');
            }
            '}' if chars.peek() == Some(&'}') => {
                chars.next();
                plain.push('}');
            }
            '{' => {
                let name: String =
                    std::iter::from_fn(|| chars.next_if(|next| *next != '}')).collect();
                chars.next()?;
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                if name.is_empty() {
                    pieces.push(Piece::Next);
                } else if name.starts_with(|first: char| first.is_alphabetic() || first == '_')
                    && name.chars().all(|each| each.is_alphanumeric() || each == '_')
                {
                    pieces.push(Piece::Name(name));
                } else {
                    return None;
                }
            }
            '}' => return None,
            other => plain.push(other),
        }
    }
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Some(pieces)
}
