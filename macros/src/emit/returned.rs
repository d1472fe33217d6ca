//! What a task or workflow returns: where its type is asked for what it must have.

use crate::{diagnostics::ends, syntax::signature};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Signature, Type, spanned::Spanned as _};

/// Asks for what the type of the value must have; what is not plainly a `Result` is asked as a whole.
pub(crate) fn check_value(signature: &Signature) -> TokenStream {
    match result(&signature.output) {
        Some((value, _)) => asked(value),
        None => asked(signature::returned(signature)),
    }
}

fn asked(ty: impl ToTokens) -> TokenStream {
    quote_spanned!(ty.span()=> ::stepwright::__private::workflow::signature::returned::<#ty>();)
}

/// Asks for what the type of the error must have, unless something that is called has the same.
pub(crate) fn check_error(signature: &Signature, callees: &[Ident]) -> Option<TokenStream> {
    let (_, error) = result(&signature.output)?;
    let (first, last) = ends(error);
    let (borrow, name) = (quote_spanned!(first=> &), Ident::new("__asked", last));
    let check = quote_spanned! {first=>
        ::stepwright::__private::workflow::signature::returned_error(#borrow #name);
    };
    Some(quote! {{
        #[allow(unused_imports)]
        use ::stepwright::__private::workflow::signature::{ViaCalled as _, ViaNotCalled as _};
        let #name = ::stepwright::__private::workflow::signature::asked::<#error>();
        #(let #name = (&::stepwright::__private::workflow::signature::Calling(
            &#callees, &#name,
        )).left();)*
        #check
    }})
}

/// Says which error the signature has.
pub(crate) fn fails_with(signature: &Signature) -> Option<TokenStream> {
    let (_, error) = result(&signature.output)?;
    let ident = &signature.ident;
    Some(quote! {
        #[automatically_derived]
        impl ::stepwright::__private::workflow::signature::FailsWith<#error> for #ident {}
    })
}

/// Value and error of what is plainly a `Result`.
fn result(output: &ReturnType) -> Option<(&Type, &Type)> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Result")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    let mut types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ty),
        _ => None,
    });
    Some((types.next()?, types.next()?))
}
