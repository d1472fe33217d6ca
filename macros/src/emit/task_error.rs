//! `#[derive(TaskError)]`: names and causes, both ways.

use crate::syntax::error::{ErrorType, Holds, Kind, Variant};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Type, ext::IdentExt as _, spanned::Spanned as _};

/// Everything that an error type expands to.
pub(crate) fn expand(error: &ErrorType) -> TokenStream {
    let ident = &error.ident;
    let variants = error.variants.iter().map(description);
    let to_failure = to_failure(error);
    let from_failure = from_failure(error);
    let conversions = error.variants.iter().filter_map(|variant| conversion(error, variant));
    let display = error.display.then(|| display(error));
    let message = format!(
        "two errors of `{ident}` have the same name, counting those of its `#[from]` variants: \
         retries and catches could not tell them apart"
    );
    let unique = quote_spanned! {ident.span()=>
        const _: () = ::core::assert!(
            ::stepwright::__private::are_unique(
                <#ident as ::stepwright::__private::TaskError>::VARIANTS,
            ),
            #message
        );
    };
    let has_inner = error.variants.iter().any(|variant| matches!(variant.kind, Kind::From(_)));
    let unique = has_inner.then_some(unique);
    quote! {
        #[automatically_derived]
        impl ::stepwright::__private::TaskError for #ident {
            const VARIANTS: &'static [::stepwright::__private::ErrorVariant] = &[#(#variants),*];
            #to_failure
            #from_failure
        }
        #(#conversions)*
        #display
        #unique
    }
}

fn description(variant: &Variant) -> TokenStream {
    let name = variant.ident.unraw().to_string();
    let json = &variant.json;
    let kind = match &variant.kind {
        Kind::Named(name) => quote!(Named(#name)),
        Kind::From(inner) => quote_spanned! {inner.span()=>
            From(<#inner as ::stepwright::__private::TaskError>::VARIANTS)
        },
        Kind::Timeout(name) => quote!(Timeout(#name)),
        Kind::Other => quote!(Other),
    };
    quote! {
        ::stepwright::__private::ErrorVariant {
            variant: #name,
            json: #json,
            kind: ::stepwright::__private::ErrorKind::#kind,
        }
    }
}

/// A pattern for a variant that binds nothing.
fn pattern(error: &ErrorType, variant: &Variant) -> TokenStream {
    let ident = &variant.ident;
    match (error.is_struct, variant.holds) {
        (true, _) => quote!(Self { .. }),
        (false, Holds::Nothing) => quote!(Self::#ident),
        (false, _) => quote!(Self::#ident { .. }),
    }
}

fn to_failure(error: &ErrorType) -> TokenStream {
    let arms = error.variants.iter().map(|variant| {
        let ident = &variant.ident;
        match &variant.kind {
            Kind::Named(name) | Kind::Timeout(name) => {
                let pattern = pattern(error, variant);
                quote!(#pattern => ::stepwright::__private::named_failure(
                    (&::stepwright::__private::Sending(self)).to_json(),
                    #name,
                ))
            }
            Kind::From(_) => quote! {
                Self::#ident(inner) => ::stepwright::__private::TaskError::to_failure(inner)
            },
            Kind::Other => quote! {
                Self::#ident(failure) => ::core::result::Result::Ok(
                    ::core::clone::Clone::clone(failure),
                )
            },
        }
    });
    quote! {
        fn to_failure(&self) -> ::core::result::Result<
            ::stepwright::__private::Failure,
            ::stepwright::__private::Refused,
        > {
            #[allow(unused_imports)]
            use ::stepwright::__private::{ViaDurable as _, ViaNothing as _};
            match self {
                #(#arms,)*
            }
        }
    }
}

/// Tries in turn: own names, names of held errors, timeouts, anything else. A declared name is its
/// variant or nothing, for a catcher takes it by the name.
fn from_failure(error: &ErrorType) -> TokenStream {
    let named = error.variants.iter().filter_map(|variant| by_name(error, variant));
    let declared = error.variants.iter().filter_map(by_held_name);
    let timeout = error.variants.iter().filter_map(by_timeout);
    let timed_out = by_held(error, &quote!(takes_timeout));
    let other = error.variants.iter().filter_map(by_any);
    let rest = by_held(error, &quote!(takes_other));
    quote! {
        fn from_failure(
            failure: &::stepwright::__private::Failure,
        ) -> ::core::option::Option<Self> {
            #[allow(unused_imports)]
            use ::stepwright::__private::Unknown as _;
            match failure.error.as_deref() {
                #(#named)*
                _ => {}
            }
            #(#declared)*
            #(#timeout)*
            #timed_out
            #(#other)*
            #rest
            ::core::option::Option::None
        }
    }
}

/// An own name: the cause must be the JSON of that variant.
fn by_name(error: &ErrorType, variant: &Variant) -> Option<TokenStream> {
    let Kind::Named(name) = &variant.kind else { return None };
    let pattern = pattern(error, variant);
    Some(quote! {
        ::core::option::Option::Some(#name) => {
            let found = ::stepwright::__private::Known::<Self>::parse_cause(failure);
            return found.filter(|found| ::core::matches!(found, #pattern));
        }
    })
}

/// A name of an error that a `#[from]` variant holds.
fn by_held_name(variant: &Variant) -> Option<TokenStream> {
    let (Kind::From(held), ident) = (&variant.kind, &variant.ident) else { return None };
    Some(quote! {
        if ::stepwright::__private::declares(
            <#held as ::stepwright::__private::TaskError>::VARIANTS,
            failure,
        ) {
            return <#held as ::stepwright::__private::TaskError>::from_failure(failure)
                .map(Self::#ident);
        }
    })
}

/// The errors held by `#[from]` variants, where `takes` says that they take the failure.
fn by_held(error: &ErrorType, takes: &TokenStream) -> TokenStream {
    let tries = error.variants.iter().filter_map(|variant| {
        let (Kind::From(held), ident) = (&variant.kind, &variant.ident) else { return None };
        Some(quote! {
            if ::stepwright::__private::#takes(
                <#held as ::stepwright::__private::TaskError>::VARIANTS,
                failure,
            ) {
                let found = <#held as ::stepwright::__private::TaskError>::from_failure(failure);
                if let ::core::option::Option::Some(found) = found {
                    return ::core::option::Option::Some(Self::#ident(found));
                }
            }
        })
    });
    tries.collect()
}

fn by_timeout(variant: &Variant) -> Option<TokenStream> {
    let (Kind::Timeout(name), ident) = (&variant.kind, &variant.ident) else { return None };
    Some(quote! {
        if ::stepwright::__private::is_timeout(failure)
            || failure.error.as_deref() == ::core::option::Option::Some(#name)
        {
            return ::core::option::Option::Some(Self::#ident);
        }
    })
}

fn by_any(variant: &Variant) -> Option<TokenStream> {
    let (Kind::Other, ident) = (&variant.kind, &variant.ident) else { return None };
    Some(quote! {
        if ::stepwright::__private::is_catchable(failure) {
            return ::core::option::Option::Some(
                Self::#ident(::core::clone::Clone::clone(failure)),
            );
        }
    })
}

/// `From` for a held error, and the mark that it keeps name and cause.
fn conversion(error: &ErrorType, variant: &Variant) -> Option<TokenStream> {
    let Kind::From(inner) = &variant.kind else { return None };
    let json = &variant.json;
    let outer = &error.ident;
    let from = error.from.then(|| from(error, variant, inner));
    Some(quote! {
        #from
        #[automatically_derived]
        impl ::stepwright::__private::FromError<#inner> for #outer {
            const VARIANT: ::core::option::Option<&'static str> =
                ::core::option::Option::Some(#json);
        }
    })
}

fn from(error: &ErrorType, variant: &Variant, inner: &Type) -> TokenStream {
    let (outer, ident) = (&error.ident, &variant.ident);
    quote! {
        #[automatically_derived]
        impl ::core::convert::From<#inner> for #outer {
            fn from(inner: #inner) -> Self {
                Self::#ident(inner)
            }
        }
    }
}

fn display(error: &ErrorType) -> TokenStream {
    let ident = &error.ident;
    quote! {
        #[automatically_derived]
        impl ::core::fmt::Display for #ident {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::stepwright::__private::fmt_error(self, f)
            }
        }

        #[automatically_derived]
        // the lifetime keeps rustc from reporting a missing `Debug` beside the missing `#[data]`
        impl ::core::error::Error for #ident where for<'__any> #ident: ::core::fmt::Debug {}
    }
}
