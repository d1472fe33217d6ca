//! Iterator chains: from a list or a range, through closures, to a list or a value.

use super::Translator;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{
    Expr, ExprClosure, ExprMethodCall, ExprRange, GenericArgument, Pat, RangeLimits, Type,
    spanned::Spanned as _,
};

/// Methods that start a chain.
pub(super) const STARTS: &[&str] = &["iter", "into_iter"];

/// Methods that go on with one.
const STEPS: &[&str] = &["map", "filter", "cloned", "copied", "rev", "enumerate"];

/// A closure of one parameter: its Rust local, what binds its names, and the body.
struct Closure {
    parameter: Ident,
    name: String,
    binds: TokenStream,
    body: TokenStream,
}

impl Closure {
    /// Code that makes the terms `__items`, the parameter and `__body`, then gives `value`.
    fn over(&self, items: &TokenStream, value: &TokenStream) -> TokenStream {
        let Self { parameter, name, binds, body } = self;
        quote! {{
            let __items = #items;
            let #parameter = __j::Term::item(#name, &__items);
            #binds
            let __body = #body;
            #value
        }}
    }
}

/// Whether an expression is an iterator, by syntax.
pub(super) fn walks(expr: &Expr) -> bool {
    match expr {
        Expr::MethodCall(node) => {
            STARTS.iter().any(|name| node.method == name)
                || (node.method == "chars" && node.args.is_empty())
                || (STEPS.iter().any(|name| node.method == name) && walks(&node.receiver))
        }
        Expr::Range(_) => true,
        Expr::Paren(inner) => walks(&inner.expr),
        _ => false,
    }
}

impl Translator<'_> {
    /// A method of an iterator.
    pub(super) fn chain(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let name = node.method.to_string();
        if let (Expr::MethodCall(chars), "count") = (&mut *node.receiver, name.as_str())
            && chars.method == "chars"
        {
            let witness = self.one(&chars.receiver);
            let text = self.expr(&mut chars.receiver);
            return quote!(__j::textual::characters(#witness, &#text));
        }
        match (name.as_str(), node.args.len()) {
            ("collect", 0) => self.collect(node),
            ("sum", 0) => self.sum(node),
            ("count" | "len", 0) => {
                let items = self.iterable(&mut node.receiver);
                quote!(__j::list::counted(&#items))
            }
            ("any" | "all", 1) => {
                let items = self.iterable(&mut node.receiver);
                let function = &node.method;
                match node.args.first_mut().and_then(|argument| self.closure(argument)) {
                    Some(closure) => {
                        let parameter = &closure.parameter;
                        let value = quote!(__j::list::#function(&__items, &#parameter, &__body));
                        closure.over(&items, &value)
                    }
                    None => self.refuse(&node.method, format!("`{name}` with this function")),
                }
            }
            _ if STEPS.contains(&name.as_str()) => {
                let whole = Expr::MethodCall(node.clone());
                self.refuse(whole, "an iterator that is not collected")
            }
            _ => self.refuse_iterator(node),
        }
    }

    fn collect(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let into = node.turbofish.as_ref().and_then(|turbofish| turbofish.args.first().cloned());
        let list = match &into {
            Some(GenericArgument::Type(Type::Path(path))) => {
                path.path.segments.last().is_some_and(|last| last.ident == "Vec")
            }
            _ => false,
        };
        if !list {
            return self.refuse_with(
                &node.method,
                "`collect` into an unnamed type has no exported form",
                "write `collect::<Vec<_>>()`",
            );
        }
        self.iterable(&mut node.receiver)
    }

    fn sum(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let into = node.turbofish.as_ref().and_then(|turbofish| turbofish.args.first().cloned());
        let Some(ty) = into else {
            return self.refuse_with(
                &node.method,
                "`sum` of an unnamed type has no exported form",
                "write the type, as in `sum::<i64>()`",
            );
        };
        let items = self.iterable(&mut node.receiver);
        quote!(__j::textual::total::<#ty>(&#items))
    }

    /// The list that an iterator, a list or a range walks.
    pub(crate) fn iterable(&mut self, expr: &mut Expr) -> TokenStream {
        match expr {
            Expr::Paren(inner) => self.iterable(&mut inner.expr),
            Expr::Reference(inner) => self.iterable(&mut inner.expr),
            Expr::Range(range) => self.range(range),
            Expr::MethodCall(node)
                if node.args.is_empty()
                    && ["iter", "into_iter", "cloned", "copied"]
                        .iter()
                        .any(|name| node.method == name) =>
            {
                self.iterable(&mut node.receiver)
            }
            Expr::MethodCall(node) if walks(&node.receiver) => self.stepped(node),
            Expr::Macro(_) | Expr::Array(_) => self.expr(expr),
            other => {
                let witness = self.one(other);
                let list = self.expr(other);
                quote!(__j::list::iter(#witness, &#list))
            }
        }
    }

    fn stepped(&mut self, node: &mut ExprMethodCall) -> TokenStream {
        let name = node.method.to_string();
        match (name.as_str(), node.args.len()) {
            ("map", 1) => {
                let items = self.iterable(&mut node.receiver);
                let Some(Expr::Closure(closure)) = node.args.first_mut() else {
                    return self.refuse(&node.method, "`map` with this function");
                };
                let (witness, bind) = self.body_witness(closure);
                match self.closure_of(closure, Some(&bind)) {
                    Some(made) => {
                        let parameter = &made.parameter;
                        let value =
                            quote!(__j::list::map(#witness, &__items, &#parameter, &__body));
                        made.over(&items, &value)
                    }
                    None => self.refuse(&node.method, "`map` with this closure"),
                }
            }
            ("filter", 1) => {
                let items = self.iterable(&mut node.receiver);
                let Some(Expr::Closure(closure)) = node.args.first_mut() else {
                    return self.refuse(&node.method, "`filter` with this function");
                };
                let witness = self.item_witness(closure);
                match (self.closure_of(closure, witness.as_ref().map(|(_, bind)| bind)), witness) {
                    (Some(made), Some((witness, _))) => {
                        let parameter = &made.parameter;
                        let value =
                            quote!(__j::list::filter(#witness, &__items, &#parameter, &__body));
                        made.over(&items, &value)
                    }
                    _ => self.refuse(&node.method, "`filter` with this closure"),
                }
            }
            ("rev", 0) => {
                let items = self.iterable(&mut node.receiver);
                quote!(__j::list::reversed(&#items))
            }
            ("enumerate", 0) => {
                let (items, item) = (self.enumerated(&mut node.receiver), ());
                let () = item;
                items
            }
            ("collect", 0) => self.collect(node),
            _ => self.refuse_iterator(node),
        }
    }

    /// `items.iter().enumerate()`: pairs of index and item.
    fn enumerated(&mut self, receiver: &mut Expr) -> TokenStream {
        let mut list = &*receiver;
        while let Expr::MethodCall(node) = list {
            list = &node.receiver;
        }
        let witness = self.one(&list.clone());
        let items = self.iterable(receiver);
        quote!(__j::list::enumerated(#witness, &#items))
    }

    fn range(&mut self, range: &mut ExprRange) -> TokenStream {
        let inclusive = matches!(range.limits, RangeLimits::Closed(_));
        match (&mut range.start, &mut range.end) {
            (Some(low), Some(high)) => {
                let (low, high) = (self.expr(low), self.expr(high));
                quote!(__j::list::range(&#low, &#high, #inclusive))
            }
            _ => self.refuse(&*range, "an endless range"),
        }
    }

    /// A witness of what a closure gives, and the dead code that binds it.
    fn body_witness(&mut self, closure: &ExprClosure) -> (TokenStream, TokenStream) {
        let witness = self.witness(&quote!(one), closure.body.span());
        let body = &closure.body;
        (super::asked(&witness), quote!(#witness.bind(&(#body));))
    }

    /// A witness of what a closure takes.
    fn item_witness(&mut self, closure: &ExprClosure) -> Option<(TokenStream, TokenStream)> {
        let mut pat = closure.inputs.first()?;
        while let Pat::Reference(inner) = pat {
            pat = &inner.pat;
        }
        let Pat::Ident(name) = pat else { return None };
        let witness = self.witness(&quote!(one), name.ident.span());
        let name = &name.ident;
        Some((super::asked(&witness), quote!(#witness.bind(&#name);)))
    }

    fn closure(&mut self, argument: &mut Expr) -> Option<Closure> {
        match argument {
            Expr::Closure(closure) => self.closure_of(closure, None),
            _ => None,
        }
    }

    fn closure_of(
        &mut self,
        closure: &mut ExprClosure,
        bind: Option<&TokenStream>,
    ) -> Option<Closure> {
        let [input] = closure.inputs.iter().collect::<Vec<_>>()[..] else { return None };
        let input = input.clone();
        let name = crate::ir::lower::patterns::of_pattern(&input)
            .first()
            .map_or_else(|| "item".to_owned(), |binding| binding.ident.to_string());
        self.scoped(|translator| {
            let parameter = translator.local();
            let fit = translator.pattern(&input, &quote!(#parameter.clone()));
            if fit.test.is_some() {
                return None;
            }
            let binds = translator.bind_all(&fit, &[]);
            translator.dead.push(bind.into_iter().cloned().collect());
            let body = translator.expr(&mut closure.body);
            let dead = super::dead_code(&translator.dead.pop().unwrap_or_default());
            if !dead.is_empty() {
                let inner = std::mem::replace(&mut *closure.body, Expr::PLACEHOLDER);
                *closure.body = syn::parse_quote_spanned!(Span::call_site()=> { #dead #inner });
            }
            Some(Closure { parameter, name, binds, body })
        })
    }
}
