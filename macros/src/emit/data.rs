//! `#[data]`: the derives, and what makes the type durable.

use crate::syntax::data::{DataType, Fallback, Field, Shape, Tagging, Variant};
use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{GenericParam, Generics, Ident, Type, parse_quote, spanned::Spanned as _};

/// Everything that a data type expands to.
pub(crate) fn expand(data: &DataType) -> TokenStream {
    let derives = derives(&data.derives);
    let item = &data.item;
    let impls = impls(data);
    // first, so that its message stands before those of the derives
    let checks = checks(data);
    let tags = tags(data);
    quote!(#checks #derives #item #impls #tags)
}

/// The item of a type with mistakes: it stays durable, so that what uses it does not seem wrong, too.
pub(crate) fn fallback(data: &DataType) -> TokenStream {
    let derives = derives(&data.derives);
    let item = &data.item;
    // what borrows can't be durable, and rustc would say so
    let impls = item.generics.lifetimes().next().is_none().then(|| impls(data));
    quote!(#derives #item #impls)
}

fn derives(names: &[&str]) -> TokenStream {
    let paths = names.iter().map(|&name| {
        let ident = format_ident!("{name}");
        match name {
            "Clone" => quote!(::core::clone::Clone),
            "Debug" => quote!(::core::fmt::Debug),
            "PartialEq" => quote!(::core::cmp::PartialEq),
            "JsonSchema" => quote!(::stepwright::__private::schemars::JsonSchema),
            _ => quote!(::stepwright::__private::serde::#ident),
        }
    });
    let has = |name| names.contains(&name);
    let serde = (has("Serialize") || has("Deserialize"))
        .then(|| quote!(#[serde(crate = "::stepwright::__private::serde")]));
    let schemars =
        has("JsonSchema").then(|| quote!(#[schemars(crate = "::stepwright::__private::schemars")]));
    quote!(#[derive(#(#paths),*)] #serde #schemars)
}

fn impls(data: &DataType) -> TokenStream {
    let ident = &data.item.ident;
    let generics = bounded(&data.item.generics);
    let (in_impl, in_type, in_where) = generics.split_for_impl();
    let shape = shape(&data.shape);
    let not_null = not_null(data, &generics);
    let json = json(data, &generics);
    let look = match &data.transparent {
        Some(inner) => quote!(::stepwright::__private::Known::<#inner>::LOOK),
        None => quote! {
            ::stepwright::__private::workflow::Look::Data(
                ::core::any::TypeId::of::<Self>(),
                <Self as ::stepwright::__private::Fields>::SHAPE,
            )
        },
    };
    quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #in_impl ::stepwright::__private::Durable for #ident #in_type #in_where {
            const LOOK: ::stepwright::__private::workflow::Look = {
                #[allow(unused_imports)]
                use ::stepwright::__private::Unknown as _;
                #look
            };
        }

        #not_null

        #[automatically_derived]
        impl #in_impl ::stepwright::__private::Fields for #ident #in_type #in_where {
            const SHAPE: ::stepwright::__private::Shape = {
                #[allow(unused_imports)]
                use ::stepwright::__private::Unknown as _;
                #shape
            };
        }

        #json
    }
}

/// Asks for every field to be durable.
fn checks(data: &DataType) -> TokenStream {
    let generics = bounded(&data.item.generics);
    let ident = &data.item.ident;
    let (in_impl, in_type, in_where) = generics.split_for_impl();
    let checks = data.checked.iter().map(check);
    // in an impl, where a field's type may say `Self`
    quote! {
        #[automatically_derived]
        impl #in_impl ::stepwright::__private::Parts for #ident #in_type #in_where {
            fn check() {
                #(#checks)*
            }
        }
    }
}

/// A tag that stands among the fields of what a variant holds must not be the name of one of them:
/// it would not come back.
fn tags(data: &DataType) -> TokenStream {
    let Shape::Enum(Tagging::Internal(tag), variants) = &data.shape else {
        return TokenStream::new();
    };
    if !data.item.generics.params.is_empty() {
        return TokenStream::new();
    }
    let checks = variants.iter().filter_map(|variant| {
        let Shape::Newtype(inner) = &variant.shape else { return None };
        let message = format!(
            "what the variant `{}` holds has a field `{tag}` of its own, which the tag would replace: \
             give the enum another `tag`, or a `content`, or rename the field",
            variant.rust
        );
        Some(quote_spanned! {inner.span()=>
            const _: () = {
                #[allow(unused_imports)]
                use ::stepwright::__private::Unknown as _;
                ::core::assert!(
                    !::stepwright::__private::workflow::has_member(
                        &::stepwright::__private::Known::<#inner>::LOOK,
                        #tag,
                    ),
                    #message
                );
            };
        })
    });
    checks.collect()
}

/// Asks at a field's type for durability.
fn check(ty: &Type) -> TokenStream {
    quote_spanned!(ty.span()=> ::stepwright::__private::part_of_data::<#ty>();)
}

/// The generics, with every type parameter durable.
fn bounded(generics: &Generics) -> Generics {
    let mut generics = generics.clone();
    for param in &mut generics.params {
        if let GenericParam::Type(param) = param {
            param.default = None;
            param.bounds.push(parse_quote!(::stepwright::__private::Durable));
        }
    }
    generics
}

/// That it is never `null`: as what is kept, and inside an exported expression.
fn not_null(data: &DataType, generics: &Generics) -> Option<TokenStream> {
    let kept = never_null(data, generics, &quote!(NotNull))?;
    let seen = never_null(data, generics, &quote!(workflow::jsonata::look::Present))?;
    Some(quote!(#kept #seen))
}

fn never_null(data: &DataType, generics: &Generics, what: &TokenStream) -> Option<TokenStream> {
    let ident = &data.item.ident;
    let mut generics = generics.clone();
    match (&data.shape, &data.transparent) {
        // `null`, or something that only serde knows
        (Shape::Unit | Shape::Opaque, _) => return None,
        (_, Some(inner)) => {
            // the lifetime keeps rustc from refusing a bound on a type without parameters
            let bound = parse_quote!(for<'__any> #inner: ::stepwright::__private::#what);
            generics.make_where_clause().predicates.push(bound);
        }
        _ => {}
    }
    let (in_impl, in_type, in_where) = generics.split_for_impl();
    Some(quote! {
        #[automatically_derived]
        #[diagnostic::do_not_recommend]
        impl #in_impl ::stepwright::__private::#what for #ident #in_type #in_where {}
    })
}

/// What exported expressions need to know: the shape, or what the only field looks like.
fn json(data: &DataType, generics: &Generics) -> TokenStream {
    let ident = &data.item.ident;
    let mut generics = generics.clone();
    let look = match &data.transparent {
        Some(inner) => {
            let bound = parse_quote! {
                for<'__any> #inner: ::stepwright::__private::workflow::jsonata::look::Json
            };
            generics.make_where_clause().predicates.push(bound);
            quote! {
                ::stepwright::__private::workflow::Look::Newtype(
                    &<#inner as ::stepwright::__private::workflow::jsonata::look::Json>::LOOK,
                )
            }
        }
        None => quote!(<Self as ::stepwright::__private::Durable>::LOOK),
    };
    let (in_impl, in_type, in_where) = generics.split_for_impl();
    quote! {
        #[automatically_derived]
        impl #in_impl ::stepwright::__private::workflow::jsonata::look::Json
            for #ident #in_type #in_where
        {
            const LOOK: ::stepwright::__private::workflow::Look = #look;
        }
    }
}

fn shape(shape: &Shape) -> TokenStream {
    let kind = match shape {
        Shape::Struct(fields) => {
            let fields = fields.iter().map(field);
            quote!(Struct(&[#(#fields),*]))
        }
        Shape::Newtype(inner) => {
            let inner = later(inner);
            quote!(Newtype(#inner))
        }
        Shape::Tuple(parts) => {
            let parts = parts.iter().map(later);
            quote!(Tuple(&[#(#parts),*]))
        }
        Shape::Unit => quote!(Unit),
        Shape::Enum(how, variants) => {
            let (how, variants) = (tagging(how), variants.iter().map(variant));
            quote!(Enum(#how, &[#(#variants),*]))
        }
        Shape::Opaque => quote!(Opaque),
    };
    quote!(::stepwright::__private::Shape::#kind)
}

/// How the JSON of a part looks. Where it is not durable, that is reported elsewhere.
fn later(ty: &Type) -> TokenStream {
    quote! {
        ::stepwright::__private::workflow::Later(|| ::stepwright::__private::Known::<#ty>::LOOK)
    }
}

fn field(field: &Field) -> TokenStream {
    let Field { rust, json, aliases, ty, presence, default } = field;
    let look = later(ty);
    let presence: Ident = format_ident!("{presence}");
    let default = match default {
        None => quote!(::core::option::Option::None),
        Some(fallback) => {
            let value = match fallback {
                Fallback::Type(ty) => quote!(<#ty as ::core::default::Default>::default()),
                Fallback::Function(path) => match syn::parse_str::<syn::Path>(path) {
                    Ok(path) => quote!(#path()),
                    // serde reports it
                    Err(_) => quote!(()),
                },
                Fallback::Container => {
                    let name = format_ident!("r#{rust}");
                    quote!(<Self as ::core::default::Default>::default().#name)
                }
            };
            quote! {
                ::core::option::Option::Some(::stepwright::__private::workflow::Fallback(|| {
                    ::stepwright::__private::serde_json::to_value(#value).unwrap_or_default()
                }))
            }
        }
    };
    quote! {
        ::stepwright::__private::Field {
            rust: #rust,
            json: #json,
            aliases: &[#(#aliases),*],
            look: #look,
            presence: ::stepwright::__private::Presence::#presence,
            default: #default,
        }
    }
}

fn tagging(tagging: &Tagging) -> TokenStream {
    let kind = match tagging {
        Tagging::External => quote!(External),
        Tagging::Internal(tag) => quote!(Internal { tag: #tag }),
        Tagging::Adjacent(tag, content) => quote!(Adjacent { tag: #tag, content: #content }),
    };
    quote!(::stepwright::__private::Tagging::#kind)
}

fn variant(variant: &Variant) -> TokenStream {
    let Variant { rust, json, shape: inner } = variant;
    let inner = shape(inner);
    quote!(::stepwright::__private::Variant { rust: #rust, json: #json, shape: #inner })
}
