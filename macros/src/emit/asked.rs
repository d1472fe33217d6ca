//! Expressions of an exported workflow that were refused, with a question to their type: what should
//! have been awaited is reported as that, and what does not compile by rustc alone.

use crate::diagnostics::{How, Mistake};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::Expr;

/// The expression with the question. In its place it leaves what the `.await` or the `?` would give, so
/// that nothing that reads it seems wrong, too.
pub(crate) fn asked(mistake: &Mistake, how: How, expr: &Expr) -> Expr {
    let (value, given) = match expr {
        Expr::Try(node) => (&*node.expr, quote!(Given(Given(__value).given()).tried())),
        expr => (expr, quote!(Given(__value).given())),
    };
    match how {
        How::Returned => {
            let check = check(mistake, "returned", mistake.help.as_deref().unwrap_or_default());
            syn::parse_quote!({
                if false {
                    match #expr {
                        __value => { #check }
                    }
                    loop {}
                }
                #expr
            })
        }
        How::Called(help) => {
            let check = check(mistake, "called", help);
            // a `match`, so that temporaries of the expression live as long as before
            syn::parse_quote! {
                match #value {
                    __value => {
                        #[allow(unused_imports)]
                        use ::stepwright::__private::workflow::unawaited::{
                            Given, GivesHeld as _, GivesItself as _, GivesOk as _,
                            GivesOutput as _,
                        };
                        #check
                        #given
                    }
                }
            }
        }
        How::Hidden => expr.clone(),
    }
}

/// Code that does not compile and says the mistake, unless `how` finds something better to say of
/// `__value`.
fn check(mistake: &Mistake, how: &str, help: &str) -> TokenStream {
    let (first, last) = mistake.spans();
    let (how, text) = (Ident::new(how, last), &mistake.text);
    // from the first token to the last, so that rustc marks all between
    let (start, end) =
        (quote_spanned!(first=> &), quote_spanned!(last=> (&&One::of(&__value)).#how()));
    let check = quote_spanned!(first=> __exported);
    quote! {{
        #[allow(unused_imports)]
        use ::stepwright::__private::workflow::{
            jsonata::witness::One,
            unawaited::{Reported, ViaLazy as _, ViaResult as _, ViaValue as _},
        };
        #[diagnostic::on_unimplemented(message = #text, label = "can't be exported", note = #help)]
        trait Exported {}
        #[diagnostic::do_not_recommend]
        impl Exported for Reported {}
        const fn __exported<T: Exported>(_: &One<T>) {}
        #check(#start #end);
    }}
}
