//! Patterns: what they test, and what they bind.

use super::{Translator, is_constant};
use crate::ir::VarId;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{
    Expr, Member, Pat, PatIdent, PatOr, PatRange, PatSlice, PatStruct, PatTupleStruct, Path,
    RangeLimits,
};

/// What a pattern tests and binds.
#[derive(Debug, Default)]
pub(crate) struct Fit {
    /// The condition; `None` fits always.
    pub test: Option<TokenStream>,
    /// Names, with the code of their terms.
    pub binds: Vec<(Ident, TokenStream)>,
}

impl Fit {
    fn when(test: TokenStream) -> Self {
        Self { test: Some(test), binds: Vec::new() }
    }

    fn and(mut self, other: Self) -> Self {
        self.test = match (self.test, other.test) {
            (Some(one), Some(two)) => Some(quote!(__j::compare::and(&#one, &#two))),
            (one, two) => one.or(two),
        };
        self.binds.extend(other.binds);
        self
    }
}

/// The enum of a path to a variant, by the rules of names: `Kind` of `Kind::Physical`.
pub(super) fn enum_of(path: &Path) -> Option<TokenStream> {
    let mut segments = path.segments.clone();
    segments.pop();
    let last = segments.pop()?;
    if !last.ident.to_string().starts_with(char::is_uppercase) {
        return None;
    }
    segments.push(last);
    let leading = path.leading_colon;
    Some(quote!(#leading #segments))
}

impl Translator<'_> {
    /// What `pat` tests of `value`, the code of a term, and binds. Names that are among `declared`
    /// are variables of the workflow.
    pub(crate) fn pattern(&mut self, pat: &Pat, value: &TokenStream) -> Fit {
        match pat {
            Pat::Wild(_) | Pat::Rest(_) => Fit::default(),
            Pat::Paren(inner) => self.pattern(&inner.pat, value),
            Pat::Reference(inner) => self.pattern(&inner.pat, value),
            Pat::Type(inner) => self.pattern(&inner.pat, value),
            Pat::Ident(pat) => self.ident_pattern(pat, value),
            Pat::Lit(literal) => {
                let mut literal = Expr::Lit(literal.clone());
                let constant = self.expr(&mut literal);
                Fit::when(quote!(__j::compare::is(&#value, &#constant)))
            }
            Pat::Path(path) => self.path_pattern(&path.path, value),
            Pat::Range(range) => self.range_pattern(range, value),
            Pat::Tuple(tuple) => {
                let element = |position: usize| {
                    let position = i64::try_from(position).unwrap_or(i64::MAX);
                    quote!(__j::list::item(&#value, #position))
                };
                self.elements(tuple.elems.iter(), element)
            }
            Pat::TupleStruct(tuple) => self.tuple_pattern(tuple, value),
            Pat::Struct(pat) => self.struct_pattern(pat, value),
            Pat::Slice(slice) => self.slice_pattern(slice, value),
            Pat::Or(or) => self.or_pattern(or, value),
            other => {
                self.refuse(other, "this pattern");
                Fit::default()
            }
        }
    }

    /// Declares what a fit binds; gives `let`s for the Rust locals.
    pub(crate) fn bind_all(&mut self, fit: &Fit, declared: &[VarId]) -> TokenStream {
        let binds = fit.binds.iter().map(|(name, value)| {
            let place = self.declare(name, declared);
            quote!(let #place = #value;)
        });
        binds.collect()
    }

    fn elements<'p>(
        &mut self,
        pats: impl ExactSizeIterator<Item = &'p Pat>,
        element: impl Fn(usize) -> TokenStream,
    ) -> Fit {
        let mut fit = Fit::default();
        for (position, pat) in pats.enumerate() {
            if let Pat::Rest(_) = pat {
                // What follows is counted from the end, of which only slices know the place.
                break;
            }
            fit = fit.and(self.pattern(pat, &element(position)));
        }
        fit
    }

    fn ident_pattern(&mut self, pat: &PatIdent, value: &TokenStream) -> Fit {
        if pat.ident == "None" {
            return Fit::when(quote!(__j::option::none(&#value)));
        }
        if pat.ident.to_string().starts_with(char::is_uppercase) {
            let path = Path::from(pat.ident.clone());
            return self.path_pattern(&path, value);
        }
        let mut fit = match &pat.subpat {
            Some((_, inner)) => self.pattern(inner, value),
            None => Fit::default(),
        };
        fit.binds.push((pat.ident.clone(), value.clone()));
        fit
    }

    fn path_pattern(&mut self, path: &Path, value: &TokenStream) -> Fit {
        let Some(last) = path.segments.last() else { return Fit::default() };
        if last.ident == "None" {
            return Fit::when(quote!(__j::option::none(&#value)));
        }
        match enum_of(path) {
            Some(ty) if !is_constant(&last.ident) => {
                let name = last.ident.to_string();
                Fit::when(quote!(__j::data::is_variant::<#ty>(&#value, #name)))
            }
            _ if is_constant(&last.ident) => {
                Fit::when(quote!(__j::compare::is(&#value, &__j::constant(&#path))))
            }
            _ => {
                self.refuse(path, "this pattern");
                Fit::default()
            }
        }
    }

    fn range_pattern(&mut self, range: &PatRange, value: &TokenStream) -> Fit {
        let low = range.start.as_ref().map(|low| self.expr(&mut low.clone()));
        let high = range.end.as_ref().map(|high| self.expr(&mut high.clone()));
        let inclusive = matches!(range.limits, RangeLimits::Closed(_));
        let low = match low {
            Some(low) => quote!(::core::option::Option::Some(&#low)),
            None => quote!(::core::option::Option::None),
        };
        let high = match high {
            Some(high) => quote!(::core::option::Option::Some((&#high, #inclusive))),
            None => quote!(::core::option::Option::None),
        };
        Fit::when(quote!(__j::compare::between(&#value, #low, #high)))
    }

    fn tuple_pattern(&mut self, tuple: &PatTupleStruct, value: &TokenStream) -> Fit {
        let Some(last) = tuple.path.segments.last() else { return Fit::default() };
        let name = last.ident.to_string();
        let inner = tuple.elems.first();
        match (name.as_str(), inner) {
            ("Some", Some(inner)) => {
                return Fit::when(quote!(__j::option::some(&#value)))
                    .and(self.pattern(inner, value));
            }
            ("Ok" | "Err", Some(inner)) => {
                let ok = name == "Ok";
                let held = quote!(__j::data::outcome(&#value, #ok));
                return Fit::when(quote!(__j::data::is_outcome(&#value, #ok)))
                    .and(self.pattern(inner, &held));
            }
            _ => {}
        }
        match enum_of(&tuple.path) {
            Some(ty) => {
                let element = |position: usize| {
                    let position = u64::try_from(position).unwrap_or(u64::MAX);
                    quote!(__j::data::variant_element::<#ty>(&#value, #name, #position))
                };
                Fit::when(quote!(__j::data::is_variant::<#ty>(&#value, #name)))
                    .and(self.elements(tuple.elems.iter(), element))
            }
            None => {
                let ty = &tuple.path;
                let element = |position: usize| {
                    let position = u64::try_from(position).unwrap_or(u64::MAX);
                    quote!(__j::data::element_of::<#ty>(&#value, #position))
                };
                self.elements(tuple.elems.iter(), element)
            }
        }
    }

    fn struct_pattern(&mut self, pat: &PatStruct, value: &TokenStream) -> Fit {
        let Some(last) = pat.path.segments.last() else { return Fit::default() };
        let name = last.ident.to_string();
        let of_enum = enum_of(&pat.path);
        let path = &pat.path;
        let mut fit = match &of_enum {
            Some(ty) => Fit::when(quote!(__j::data::is_variant::<#ty>(&#value, #name))),
            None => Fit::default(),
        };
        for field in &pat.fields {
            let Member::Named(member) = &field.member else { continue };
            let member = member.to_string();
            let member = member.trim_start_matches("r#");
            let held = match &of_enum {
                Some(ty) => quote!(__j::data::variant_field::<#ty>(&#value, #name, #member)),
                None => quote!(__j::data::field_of::<#path>(&#value, #member)),
            };
            fit = fit.and(self.pattern(&field.pat, &held));
        }
        fit
    }

    fn slice_pattern(&mut self, slice: &PatSlice, value: &TokenStream) -> Fit {
        let rest = slice.elems.iter().position(|pat| matches!(pat, Pat::Rest(_)));
        let count = slice.elems.len() - usize::from(rest.is_some());
        let (length, exact) = (u64::try_from(count).unwrap_or(u64::MAX), rest.is_none());
        let mut fit = Fit::when(quote!(__j::list::has_length(&#value, #length, #exact)));
        for (position, pat) in slice.elems.iter().enumerate() {
            let index = match rest {
                Some(rest) if position == rest => continue,
                Some(rest) if position > rest => {
                    -i64::try_from(slice.elems.len() - position).unwrap_or(i64::MAX)
                }
                _ => i64::try_from(position).unwrap_or(i64::MAX),
            };
            let item = quote!(__j::list::item(&#value, #index));
            fit = fit.and(self.pattern(pat, &item));
        }
        fit
    }

    fn or_pattern(&mut self, or: &PatOr, value: &TokenStream) -> Fit {
        let mut whole: Option<Fit> = None;
        for case in &or.cases {
            let fit = self.pattern(case, value);
            whole = Some(match whole {
                None => fit,
                Some(before) => either(before, &fit),
            });
        }
        whole.unwrap_or_default()
    }
}

/// Either of two patterns; what both bind is the first's where that fits.
fn either(one: Fit, two: &Fit) -> Fit {
    let (Some(first), Some(second)) = (&one.test, &two.test) else {
        return Fit { test: None, binds: one.binds };
    };
    let test = quote!(__j::compare::or(&#first, &#second));
    let binds = one.binds.iter().map(|(name, value)| {
        let other = two.binds.iter().find(|(other, _)| other == name);
        let value = match other {
            Some((_, other)) => quote!(__j::Term::condition(&#first, &#value, &#other)),
            None => value.clone(),
        };
        (name.clone(), value)
    });
    let binds = binds.collect();
    Fit { test: Some(test), binds }
}
