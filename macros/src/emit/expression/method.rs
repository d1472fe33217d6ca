//! Methods of std: the one table of what has an exported form. What is absent is refused.

use super::Translator;
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Expr, ExprMethodCall, Lit, spanned::Spanned as _};

/// Methods that leave the JSON as it is.
pub(super) const SAME: &[&str] = &[
    "clone",
    "to_owned",
    "as_str",
    "as_ref",
    "as_deref",
    "as_slice",
    "to_vec",
    "cloned",
    "copied",
    "borrow",
    "into_boxed_str",
    "as_mut",
    "take_ref",
    "into_string",
];

/// Methods without arguments, with their function; the witness is the receiver's.
const PLAIN: &[(&str, &str, &str)] = &[
    ("len", "list", "len"),
    ("is_empty", "list", "is_empty"),
    ("first", "list", "first"),
    ("last", "list", "last"),
    ("is_some", "option", "is_some"),
    ("is_none", "option", "is_none"),
    ("is_ok", "option", "is_ok"),
    ("is_err", "option", "is_err"),
    ("ok", "option", "ok"),
    ("err", "option", "err"),
    ("unwrap_or_default", "option", "unwrap_or_default"),
    ("to_uppercase", "textual", "uppercase"),
    ("to_lowercase", "textual", "lowercase"),
    ("trim", "textual", "trimmed"),
    ("trim_start", "textual", "trimmed_start"),
    ("trim_end", "textual", "trimmed_end"),
    ("abs", "number", "absolute"),
];

/// Methods of one argument that is a value.
const UNARY: &[(&str, &str, &str)] = &[
    ("get", "list", "get"),
    ("unwrap_or", "option", "unwrap_or"),
    ("or", "option", "or"),
    ("min", "number", "least"),
    ("max", "number", "greatest"),
];

fn find(table: &[(&str, &'static str, &'static str)], name: &str) -> Option<TokenStream> {
    let (_, module, function) = table.iter().find(|(method, ..)| *method == name)?;
    let (module, function) = (quote::format_ident!("{module}"), quote::format_ident!("{function}"));
    Some(quote!(__j::#module::#function))
}

impl Translator<'_> {
    pub(super) fn method(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        if self.reads_refused(&node.receiver) {
            return quote!(__j::Term::literal(()));
        }
        if super::chain::walks(&node.receiver) {
            return self.chain(node);
        }
        let name = node.method.to_string();
        let count = node.args.len();
        if count == 0
            && (SAME.contains(&name.as_str()) || super::chain::STARTS.contains(&name.as_str()))
        {
            return self.expr(&mut node.receiver);
        }
        if count == 0
            && let Some(function) = find(PLAIN, &name)
        {
            let witness = self.receiver(node);
            let receiver = self.expr(&mut node.receiver);
            return quote!(#function(#witness, &#receiver));
        }
        if count == 1
            && let Some(function) = find(UNARY, &name)
            && let Some(argument) = node.args.first_mut()
        {
            let witness = self.one(&node.receiver);
            let (receiver, argument) = (self.expr(&mut node.receiver), self.expr(argument));
            return quote!(#function(#witness, &#receiver, &#argument));
        }
        match (name.as_str(), count) {
            ("to_string", 0) => self.displayed(&mut node.receiver),
            ("into", 0) => self.same(&mut node.receiver),
            ("unwrap", 0) => self.unwrapped(node, "called `unwrap()` on nothing"),
            ("expect", 1) => {
                let text = literal(node.args.first());
                self.unwrapped(node, text.as_deref().unwrap_or("nothing is there"))
            }
            ("unwrap_or_else", 1) => self.unwrap_or_else(node),
            ("contains", 1) => self.contains(node),
            ("starts_with" | "ends_with", 1) => self.edge(node, name == "starts_with"),
            ("replace", 2) => self.replace(node),
            ("map" | "is_some_and" | "and_then" | "filter", 1) => self.option_closure(node),
            _ => self.refuse_method(node),
        }
    }

    /// A witness of the receiver of a method, unless there is no such method.
    fn receiver(&mut self, node: &ExprMethodCall) -> TokenStream {
        let receiver = self.one(&node.receiver);
        let given = self.one(&Expr::MethodCall(node.clone()));
        quote_spanned!(node.receiver.span()=> &(#receiver).giving(#given))
    }

    fn unwrapped(&mut self, node: &mut ExprMethodCall, text: &str) -> TokenStream {
        let witness = self.receiver(node);
        let receiver = self.expr(&mut node.receiver);
        quote!(__j::option::unwrap(#witness, &#receiver, #text))
    }

    /// `option.unwrap_or_else(|| value)`.
    fn unwrap_or_else(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let witness = self.one(&node.receiver);
        let receiver = self.expr(&mut node.receiver);
        match node.args.first_mut() {
            Some(Expr::Closure(closure)) if closure.inputs.is_empty() => {
                let value = self.typed(&mut closure.body);
                quote!(__j::option::unwrap_or(#witness, &#receiver, &#value))
            }
            _ => self.refuse(&node.method, "`unwrap_or_else` with this function"),
        }
    }

    fn contains(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let witness = self.one(&node.receiver);
        let receiver = self.expr(&mut node.receiver);
        match node.args.first_mut() {
            Some(argument) => {
                let argument = self.expr(argument);
                quote!(__j::list::contains(#witness, &#receiver, &#argument))
            }
            None => receiver,
        }
    }

    fn edge(&mut self, node: &mut ExprMethodCall, start: bool) -> TokenStream {
        let witness = self.one(&node.receiver);
        let receiver = self.expr(&mut node.receiver);
        let function = if start { quote!(starts_with) } else { quote!(ends_with) };
        match literal(node.args.first()) {
            Some(text) if text.is_ascii() && !text.is_empty() => {
                quote!(__j::textual::#function(#witness, &#receiver, #text))
            }
            _ => {
                self.refuse(&node.method, format!("`{}` of what is no ASCII literal", node.method))
            }
        }
    }

    fn replace(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let witness = self.one(&node.receiver);
        let receiver = self.expr(&mut node.receiver);
        let mut arguments = node.args.iter_mut();
        let (Some(from), Some(with)) = (arguments.next(), arguments.next()) else {
            return receiver;
        };
        if literal(Some(from)).is_none_or(|text| text.is_empty()) {
            return self.refuse(&node.method, "`replace` of what is no literal");
        }
        let (from, with) = (self.expr(from), self.expr(with));
        quote!(__j::textual::replace(#witness, &#receiver, &#from, &#with))
    }

    /// `option.map(|value| ..)` and its kind.
    fn option_closure(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let function = match node.method.to_string().as_str() {
            "is_some_and" => quote!(is_some_and),
            "filter" => quote!(filter),
            "and_then" => quote!(and_then),
            _ => quote!(map),
        };
        let is_map = node.method == "map";
        let witness = self.one(&node.receiver);
        let value = self.local();
        let receiver = self.expr(&mut node.receiver);
        let Some(Expr::Closure(closure)) = node.args.first_mut() else {
            return self.refuse(&node.method, format!("`{}` with this function", node.method));
        };
        let Some(input) = closure.inputs.first().cloned() else {
            return self.refuse(&node.method, "this closure");
        };
        self.scoped(|translator| {
            let held = quote!(__j::option::held(#witness, &#value));
            let fit = translator.pattern(&input, &held);
            let binds = translator.bind_all(&fit, &[]);
            let (body, made) = translator.typed_with(&mut closure.body, is_map);
            quote! {{
                let #value = (#receiver).shared("value");
                #(__j::option::may_hold(#witness, #made);)*
                #binds
                __j::option::#function(#witness, &#value, &#body)
            }}
        })
    }
}

/// The text of a string or character literal.
pub(super) fn literal(expr: Option<&Expr>) -> Option<String> {
    match expr {
        Some(Expr::Lit(node)) => match &node.lit {
            Lit::Str(text) => Some(text.value()),
            Lit::Char(letter) => Some(letter.value().to_string()),
            _ => None,
        },
        Some(Expr::Reference(node)) => literal(Some(&node.expr)),
        _ => None,
    }
}
