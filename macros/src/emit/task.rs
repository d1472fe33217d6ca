//! `#[task]`: the function's body, the call that takes its name, and the marker type that runs it.

use super::returned;
use crate::syntax::{
    signature::{self, Param, Role},
    task::{Binding, On, Retry, Task},
};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use std::time::Duration;
use syn::{Attribute, FnArg, Pat, PatType, ext::IdentExt as _, spanned::Spanned as _};

/// Everything that a task expands to.
pub(crate) fn expand(task: &Task) -> TokenStream {
    let body = body(task);
    let call = call(task);
    let marker = marker(task);
    let checks = checks(task);
    quote!(#body #call #marker #checks)
}

/// Whether an attribute belongs to what callers see rather than to the body.
fn is_public(attribute: &Attribute) -> bool {
    ["doc", "deprecated", "must_use"].iter().any(|name| attribute.path().is_ident(name))
}

fn body_name(task: &Task) -> Ident {
    format_ident!("__{}_body", task.item.sig.ident.unraw(), span = task.item.sig.ident.span())
}

/// The user's function under another name.
fn body(task: &Task) -> TokenStream {
    let mut item = task.item.clone();
    item.attrs.retain(|attribute| !is_public(attribute));
    item.vis = syn::Visibility::Inherited;
    item.sig.ident = body_name(task);
    // a task is async whether it awaits or not
    quote!(#[doc(hidden)] #[allow(clippy::unused_async)] #item)
}

/// The function that callers see.
fn call(task: &Task) -> TokenStream {
    let signature = &task.item.sig;
    let (vis, name, generics) = (&task.item.vis, &signature.ident, &signature.generics);
    let where_clause = &generics.where_clause;
    let docs = task.item.attrs.iter().filter(|attribute| is_public(attribute));
    let ret = signature::returned(signature);
    let inputs = signature.inputs.iter().zip(&task.params).filter_map(|(input, param)| {
        matches!(param.role, Role::Argument { .. }).then(|| public_input(input)).flatten()
    });
    let arguments = task.params.iter().filter_map(|param| match &param.role {
        Role::Argument { by_ref, .. } => {
            let (ident, key) = (&param.ident, param.name());
            let value = if *by_ref { quote!(#ident) } else { quote!(&#ident) };
            Some(quote!(.with(#key, (&::stepwright::__private::Sending(#value)).to_json())))
        }
        Role::Context | Role::State(_) => None,
    });
    let context = context(task);
    let states = states(task, &quote!(provided));
    let body = body_name(task);
    let passed = task.params.iter().map(|param| passed(param, false));
    let dot_await = (!task.options.blocking).then(|| quote!(.await));
    quote! {
        #(#docs)*
        #vis fn #name #generics (#(#inputs),*)
            -> ::stepwright::__private::Call<#name, impl ::core::future::Future<Output = #ret>>
        #where_clause
        {
            #[allow(unused_imports)]
            use ::stepwright::__private::{ViaDurable as _, ViaNothing as _};
            let __arguments = ::stepwright::__private::Arguments::new() #(#arguments)*;
            ::stepwright::__private::Call::new(__arguments.finish(), async move {
                #context
                #states
                #body(#(#passed),*) #dot_await
            })
        }
    }
}

/// A parameter as callers see it.
fn public_input(input: &FnArg) -> Option<PatType> {
    let FnArg::Typed(typed) = input else { return None };
    let mut typed = typed.clone();
    typed.attrs.clear();
    if let Pat::Ident(pat) = &mut *typed.pat {
        pat.mutability = None;
    }
    Some(typed)
}

/// The context of a direct call, if the task needs one.
fn context(task: &Task) -> Option<TokenStream> {
    let needs = |param: &Param| !matches!(param.role, Role::Argument { .. });
    let name = task.name();
    task.params
        .iter()
        .any(needs)
        .then(|| quote!(let __context = ::stepwright::__private::TaskContext::direct(#name);))
}

fn state_name(param: &Param) -> Ident {
    format_ident!("__state_{}", param.ident.unraw().to_string().trim_start_matches('_'))
}

/// Fetches the task's state with the given function of `Kept`.
fn states(task: &Task, how: &TokenStream) -> TokenStream {
    let question = (how.to_string() == "found").then(|| quote!(?));
    let fetch = task.params.iter().filter_map(|param| match &param.role {
        Role::State(ty) => {
            let ident = state_name(param);
            let fetch =
                quote_spanned!(ty.span()=> ::stepwright::__private::#how::<#ty>(&__context));
            Some(quote!(let #ident = #fetch #question;))
        }
        Role::Context | Role::Argument { .. } => None,
    });
    quote!(#(#fetch)*)
}

/// A parameter as it is handed to the body.
fn passed(param: &Param, arrived: bool) -> TokenStream {
    let ident = &param.ident;
    match &param.role {
        Role::Context => quote!(&__context),
        Role::State(_) => {
            let state = state_name(param);
            quote!(&*#state)
        }
        Role::Argument { by_ref: true, .. } if arrived => quote!(&#ident),
        Role::Argument { .. } => quote!(#ident),
    }
}

/// The marker type, which is the task for the engine.
fn marker(task: &Task) -> TokenStream {
    let (vis, ident, name) = (&task.item.vis, &task.item.sig.ident, task.name());
    let descriptor = descriptor(task);
    let run = run(task);
    let fails_with = returned::fails_with(&task.item.sig);
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #[derive(::core::fmt::Debug)]
        #vis struct #ident {}

        #[automatically_derived]
        impl ::stepwright::__private::Def for #ident {
            const NAME: &'static str = #name;

            fn kind() -> ::stepwright::__private::Kind {
                ::stepwright::__private::Kind::Task(
                    <Self as ::stepwright::__private::Task>::task(),
                )
            }
        }

        #fails_with

        #[automatically_derived]
        impl ::stepwright::__private::Task for #ident {
            #descriptor
            #run
        }
    }
}

fn descriptor(task: &Task) -> TokenStream {
    let name = task.name();
    let ret = signature::returned(&task.item.sig);
    let retry = task.options.retry.iter().map(|each| retrier(each, &ret));
    let (timeout, heartbeat) = (optional(task.options.timeout), optional(task.options.heartbeat));
    let binding = match &task.options.binding {
        Binding::Any => quote!(Any),
        Binding::Activity => quote!(Activity),
        Binding::Lambda(function) => quote!(Lambda(#function)),
    };
    let start = task.item.sig.ident.span().start();
    let (line, column) = (count(start.line), count(start.column + 1));
    let arguments: Vec<_> = task
        .params
        .iter()
        .filter_map(|param| match &param.role {
            Role::Argument { owned, .. } => Some((param.name(), owned)),
            Role::Context | Role::State(_) => None,
        })
        .collect();
    let keys: Vec<_> = arguments.iter().map(|(name, _)| name).collect();
    let types: Vec<_> = arguments.iter().map(|(_, owned)| owned).collect();
    let needs = task.params.iter().filter_map(|param| match &param.role {
        Role::State(ty) => Some(quote!(::stepwright::__private::Need::of::<#ty>())),
        Role::Context | Role::Argument { .. } => None,
    });
    quote! {
        const DESCRIPTOR: ::stepwright::__private::TaskDescriptor = {
            #[allow(unused_imports)]
            use ::stepwright::__private::Unknown as _;
            ::stepwright::__private::TaskDescriptor {
                name: #name,
                source: ::stepwright::__private::Source {
                    file: ::core::file!(),
                    line: #line,
                    column: #column,
                },
                retry: || ::std::vec![#(#retry),*],
                timeout: #timeout,
                heartbeat: #heartbeat,
                binding: ::stepwright::__private::Binding::#binding,
                params: &[#(#keys),*],
                looks: &[#(::stepwright::__private::workflow::Later(
                    || ::stepwright::__private::Known::<#types>::LOOK,
                )),*],
                errors: ::stepwright::__private::Known::<#ret>::ERRORS,
                needs: || ::std::vec![#(#needs),*],
                check: |__arguments| {
                    #(::stepwright::__private::Known::<#types>::check(__arguments, #keys)?;)*
                    ::core::result::Result::Ok(())
                },
                check_answer: ::stepwright::__private::Known::<#ret>::check_answer,
                input_schema: || ::stepwright::__private::arguments_schema([
                    #((#keys, ::stepwright::__private::Known::<#types>::schema())),*
                ]),
                output_schema: ::stepwright::__private::Known::<#ret>::success_schema,
            }
        };
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// The tokens of a duration that may be missing.
pub(crate) fn optional(value: Option<Duration>) -> TokenStream {
    match value {
        Some(value) => {
            let value = duration(value);
            quote!(::core::option::Option::Some(#value))
        }
        None => quote!(::core::option::Option::None),
    }
}

/// The tokens of a duration of whole seconds.
pub(crate) fn duration(value: Duration) -> TokenStream {
    let seconds = value.as_secs();
    quote!(::core::time::Duration::from_secs(#seconds))
}

fn retrier(retry: &Retry, ret: &TokenStream) -> TokenStream {
    let on = retry.on.iter().map(|on| match on {
        On::Variant(ident) => {
            let name = ident.unraw().to_string();
            quote!(::stepwright::__private::errors_named(
                ::stepwright::__private::Known::<#ret>::ERRORS, #name,
            ))
        }
        On::Name(name) => quote!(::std::vec![#name]),
    });
    let new = if retry.on.is_empty() {
        quote!(::stepwright::__private::Retry::any())
    } else {
        quote!(::stepwright::__private::Retry::on(::std::vec![#(#on),*].concat()))
    };
    let interval = retry.interval.map(duration).map(|value| quote!(.interval(#value)));
    let max_attempts = retry.max_attempts.map(|value| quote!(.max_attempts(#value)));
    let backoff = retry.backoff.map(|value| quote!(.backoff(#value)));
    let max_delay = retry.max_delay.map(duration).map(|value| quote!(.max_delay(#value)));
    let jitter = retry.full_jitter.map(|full| {
        let kind = if full { quote!(Full) } else { quote!(None) };
        quote!(.jitter(::stepwright::__private::Jitter::#kind))
    });
    quote!(#new #interval #max_attempts #backoff #max_delay #jitter)
}

/// Runs the task by name. The bounds on argument and return types stand here alone, so that a type
/// that can't be saved is reported once.
fn run(task: &Task) -> TokenStream {
    let arguments = task.params.iter().filter_map(|param| match &param.role {
        Role::Argument { owned, .. } => {
            let (ident, key) = (&param.ident, param.name());
            let read = quote_spanned!(owned.span()=> ::stepwright::__private::argument::<#owned>);
            Some(quote!(let #ident = #read(&__arguments, #key)?;))
        }
        Role::Context | Role::State(_) => None,
    });
    let states = states(task, &quote!(found));
    let body = body_name(task);
    let passed = task.params.iter().map(|param| passed(param, true));
    let ret = signature::returned(&task.item.sig);
    let run = if task.options.blocking {
        quote!(::stepwright::__private::blocking(move || #body(#(#passed),*)).await)
    } else {
        quote!(#body(#(#passed),*).await)
    };
    let check_value = returned::check_value(&task.item.sig);
    let check_error = returned::check_error(&task.item.sig, &[]);
    let span = task.item.sig.ident.span();
    let future = quote_spanned! {span=>
        impl ::core::future::Future<
            Output = ::core::result::Result<
                ::stepwright::__private::Data,
                ::stepwright::__private::Failure,
            >,
        > + ::core::marker::Send + 'static
    };
    quote! {
        fn run(
            __arguments: ::stepwright::__private::Data,
            __context: ::stepwright::__private::TaskContext,
        ) -> #future {
            #[allow(unused_imports)]
            use ::stepwright::__private::Unknown as _;
            #check_value
            #check_error
            async move {
                #(#arguments)*
                #states
                let __ret = #run;
                ::stepwright::__private::Known::<#ret>::outcome(&__ret)
            }
        }
    }
}

/// Checks that only the compiler can make: that the errors in `on` exist.
fn checks(task: &Task) -> TokenStream {
    let ret = signature::returned(&task.item.sig);
    let named = task.options.retry.iter().flat_map(|retry| &retry.on);
    let checks = named.filter_map(|on| match on {
        On::Variant(ident) => Some(ident),
        On::Name(_) => None,
    });
    let checks = checks.map(|ident| {
        let name = ident.unraw().to_string();
        quote_spanned! {ident.span()=>
            const _: () = {
                #[allow(unused_imports)]
                use ::stepwright::__private::Unknown as _;
                if ::stepwright::__private::Known::<#ret>::IS_KNOWN {
                    ::stepwright::__private::workflow::must_be_error(
                        ::stepwright::__private::Known::<#ret>::ERRORS,
                        #name,
                    );
                }
            };
        }
    });
    quote!(#(#checks)*)
}
