//! `#[workflow]`: one function with the user's body and the arms, the call that takes the workflow's
//! name, and the marker type.
//!
//! Body and arms stand in one function: rustc reports what is wrong in both of them once.

use super::{definition::Exported, native::Code, returned, task::optional, unawaited::Unawaited};
use crate::syntax::{
    signature::{self, Param, Role},
    workflow::Workflow,
};
use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens as _, format_ident, quote, quote_spanned};
use syn::{
    Attribute, Block, FnArg, Item, Pat, PatType, Signature, Type, ext::IdentExt as _,
    spanned::Spanned as _,
};

/// What the step function is made of.
pub(crate) struct Parts<'a> {
    /// The body for direct calls, without the items at its head.
    pub body: &'a Block,
    /// Those items: the arms see them, too.
    pub items: &'a [Item],
    pub code: &'a Code,
    pub exported: &'a Exported,
    pub unawaited: &'a Unawaited,
}

/// Everything that a workflow expands to.
pub(crate) fn expand(workflow: &Workflow, parts: &Parts<'_>) -> TokenStream {
    let step = step(workflow, parts);
    let call = call(workflow);
    let marker = marker(workflow, parts);
    quote!(#step #call #marker)
}

/// The call and a marker without a program, where there were mistakes: nothing else seems wrong.
pub(crate) fn fallback(workflow: &Workflow) -> TokenStream {
    let (name, sig) = (step_name(workflow), &workflow.item.sig);
    let (types, idents, ret) = (types(workflow), idents(workflow), signature::returned(sig));
    let (future, wrapped) = direct(workflow, &workflow.item.block);
    let call = call(workflow);
    let marker = empty_marker(workflow, &ret);
    quote! {
        #[doc(hidden)]
        fn #name(
            _: ::core::option::Option<::stepwright::__private::Mode<'_, '_>>,
            __direct: ::core::option::Option<(#(#types,)*)>,
        ) -> ::stepwright::__private::Outcome<#future> {
            match __direct {
                ::core::option::Option::Some((#(#idents,)*)) => {
                    ::stepwright::__private::Outcome::Direct(#wrapped)
                }
                ::core::option::Option::None => ::stepwright::__private::Outcome::Done,
            }
        }
        #call
        #marker
    }
}

/// The marker of a workflow that can't even be called: who names it is right. A method has none.
pub(crate) fn known(workflow: &Workflow) -> Option<TokenStream> {
    let is_free = workflow.item.sig.receiver().is_none();
    is_free.then(|| empty_marker(workflow, &quote!(())))
}

fn empty_marker(workflow: &Workflow, output: &TokenStream) -> TokenStream {
    let (def, ident) = (def(workflow), &workflow.item.sig.ident);
    quote! {
        #def
        #[automatically_derived]
        impl ::stepwright::__private::Workflow for #ident {
            type Input = ();
            type Output = #output;

            fn workflow() -> ::stepwright::__private::WorkflowDef {
                ::core::unreachable!()
            }

            fn returned(
                _: &::stepwright::__private::serde_json::Value,
            ) -> ::core::result::Result<#output, ::stepwright::__private::workflow::Mismatch> {
                ::core::unreachable!()
            }

            fn failed(_: &::stepwright::__private::Failure) -> ::core::option::Option<#output> {
                ::core::unreachable!()
            }
        }
    }
}

fn is_public(attribute: &Attribute) -> bool {
    ["doc", "deprecated", "must_use"].iter().any(|name| attribute.path().is_ident(name))
}

fn step_name(workflow: &Workflow) -> Ident {
    let ident = &workflow.item.sig.ident;
    format_ident!("__{}_step", ident.unraw(), span = ident.span())
}

fn types(workflow: &Workflow) -> Vec<&Type> {
    let typed = workflow.item.sig.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => Some(&*typed.ty),
        FnArg::Receiver(_) => None,
    });
    typed.collect()
}

fn idents(workflow: &Workflow) -> Vec<&Ident> {
    workflow.params.iter().map(|param| &param.ident).collect()
}

/// Type and value of the future of a direct call, which runs the body.
fn direct(workflow: &Workflow, body: &Block) -> (TokenStream, TokenStream) {
    let sig = &workflow.item.sig;
    let (inputs, output, idents) = (&sig.inputs, &sig.output, idents(workflow));
    let body = returning(sig, body);
    future(workflow, &quote!((async move |#inputs| #output #body)(#(#idents),*)))
}

/// Type and value of a future. It is boxed where the workflow calls itself.
fn future(workflow: &Workflow, call: &TokenStream) -> (TokenStream, TokenStream) {
    let ret = signature::returned(&workflow.item.sig);
    let future = quote!(::core::future::Future<Output = #ret>);
    if mentions(workflow.item.block.to_token_stream(), &workflow.item.sig.ident) {
        let boxed = quote!(::core::pin::Pin<::std::boxed::Box<dyn #future>>);
        (boxed, quote!(::std::boxed::Box::pin(#call)))
    } else {
        (quote!(impl #future), call.clone())
    }
}

fn mentions(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => mentions(group.stream(), name),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

/// What sets the machine's `TimeoutSeconds`, if the workflow has a bound.
fn timeout(workflow: &Workflow) -> Option<TokenStream> {
    let seconds = workflow.options.timeout?.as_secs();
    Some(quote! {
        __definition.timeout_seconds =
            ::core::option::Option::Some(::stepwright::__private::serde_json::Value::from(#seconds));
    })
}

/// The one function.
fn step(workflow: &Workflow, parts: &Parts<'_>) -> TokenStream {
    let (name, sig) = (step_name(workflow), &workflow.item.sig);
    let (types, idents, items) = (types(workflow), idents(workflow), parts.items);
    let (future, wrapped) = direct(workflow, parts.body);
    let Code { slots, arms, callees, shapes, .. } = parts.code;
    let Exported { declarations, definition, .. } = parts.exported;
    let (unawaited, checks) = (&parts.unawaited.declarations, parts.unawaited.checks());
    let unknown = quote!(::core::unreachable!());
    let definition = if definition.is_empty() { &unknown } else { definition };
    let timeout = timeout(workflow);
    let check_error = returned::check_error(sig, callees);
    quote! {
        #[doc(hidden)]
        fn #name(
            __mode: ::core::option::Option<::stepwright::__private::Mode<'_, '_>>,
            __direct: ::core::option::Option<(#(#types,)*)>,
        ) -> ::stepwright::__private::Outcome<#future> {
            #(#items)*
            if let ::core::option::Option::Some((#(#idents,)*)) = __direct {
                return ::stepwright::__private::Outcome::Direct(#wrapped);
            }
            #[allow(warnings, clippy::all, clippy::pedantic, clippy::restriction, clippy::nursery)]
            {
                #slots
                #declarations
                #unawaited
                match __mode {
                    ::core::option::Option::Some(
                        ::stepwright::__private::Mode::Step(__segment, __run),
                    ) => {
                        use ::stepwright::__private::{
                            AsBorrow as _, AsValue as _, EndsSame as _, Piece as _,
                            TiesBorrow as _, TiesNothing as _, TiesValue as _, ViaFuture as _,
                            ViaKeep as _, ViaNoFuture as _, ViaNoKeep as _, ViaOther as _,
                            ViaSame as _,
                        };
                        let __arena = &::stepwright::__private::Arena::new();
                        return ::stepwright::__private::Outcome::Act(match __segment {
                            #arms
                            _ => ::stepwright::__private::no_segment(__segment),
                        });
                    }
                    ::core::option::Option::Some(
                        ::stepwright::__private::Mode::Register(__into),
                    ) => {
                        #(#callees.register(__into);)*
                    }
                    ::core::option::Option::Some(
                        ::stepwright::__private::Mode::Define(__into),
                    ) => {
                        #checks
                        #check_error
                        let mut __definition = #definition;
                        #timeout
                        *__into = ::core::option::Option::Some(__definition);
                    }
                    ::core::option::Option::Some(
                        ::stepwright::__private::Mode::Shapes(__shapes),
                    ) => {
                        use ::stepwright::__private::{ViaKeep as _, ViaNoKeep as _};
                        #shapes
                    }
                    ::core::option::Option::None => {}
                }
                ::stepwright::__private::Outcome::Done
            }
        }
    }
}

/// The body, with its return type said first: rustc takes that of an async closure from the first
/// `return`, and would report a wrong one once more at the whole closure.
fn returning(sig: &Signature, body: &Block) -> Block {
    let (mut body, ret) = (body.clone(), signature::returned(sig));
    let span = ret.span();
    body.stmts.insert(
        0,
        syn::parse_quote_spanned! {span=>
            if false { return ::stepwright::__private::never::<#ret>(); }
        },
    );
    body
}

/// The function that callers see.
fn call(workflow: &Workflow) -> TokenStream {
    let (sig, vis) = (&workflow.item.sig, &workflow.item.vis);
    let (name, generics, ret) = (&sig.ident, &sig.generics, signature::returned(sig));
    let docs = workflow.item.attrs.iter().filter(|attribute| is_public(attribute));
    let inputs = sig.inputs.iter().filter_map(public_input);
    let (idents, step) = (idents(workflow), step_name(workflow));
    let input = input(workflow);
    quote! {
        #(#docs)*
        #vis fn #name #generics (#(#inputs),*)
            -> ::stepwright::__private::Call<#name, impl ::core::future::Future<Output = #ret>>
        {
            #[allow(unused_imports)]
            use ::stepwright::__private::{ViaDurable as _, ViaNothing as _};
            let __input = #input;
            ::stepwright::__private::Call::new(
                __input,
                #step(::core::option::Option::None, ::core::option::Option::Some((#(#idents,)*)))
                    .direct(),
            )
        }
    }
}

fn public_input(input: &FnArg) -> Option<PatType> {
    let FnArg::Typed(typed) = input else { return None };
    let mut typed = typed.clone();
    typed.attrs.clear();
    if let Pat::Ident(pat) = &mut *typed.pat {
        pat.mutability = None;
    }
    Some(typed)
}

fn sending(param: &Param) -> TokenStream {
    let ident = &param.ident;
    let value = match &param.role {
        Role::Argument { by_ref: true, .. } => quote!(#ident),
        _ => quote!(&#ident),
    };
    quote!((&::stepwright::__private::Sending(#value)).to_json())
}

/// The input that a call sends.
fn input(workflow: &Workflow) -> TokenStream {
    match workflow.params.as_slice() {
        [] => quote!(::stepwright::__private::no_input()),
        [only] => {
            let value = sending(only);
            quote!(::stepwright::__private::whole(#value))
        }
        params => {
            let members = params.iter().map(|param| {
                let (key, value) = (param.name(), sending(param));
                quote!(.with(#key, #value))
            });
            quote!(::stepwright::__private::Arguments::new() #(#members)* .finish())
        }
    }
}

/// The marker type and what it is a definition of.
fn def(workflow: &Workflow) -> TokenStream {
    let (vis, ident, name) = (&workflow.item.vis, &workflow.item.sig.ident, workflow.name());
    quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        #[derive(::core::fmt::Debug)]
        #vis struct #ident {}

        #[automatically_derived]
        impl ::stepwright::__private::Def for #ident {
            const NAME: &'static str = #name;

            fn kind() -> ::stepwright::__private::Kind {
                ::stepwright::__private::Kind::Workflow(
                    <Self as ::stepwright::__private::Workflow>::workflow(),
                )
            }
        }
    }
}

/// The type of the input: that of the parameter, or a tuple of several.
fn input_type(workflow: &Workflow) -> TokenStream {
    match types(workflow).as_slice() {
        [one] => quote!(#one),
        several => quote!((#(#several),*)),
    }
}

fn marker(workflow: &Workflow, parts: &Parts<'_>) -> TokenStream {
    let (ident, name) = (&workflow.item.sig.ident, workflow.name());
    let ret = signature::returned(&workflow.item.sig);
    let source = source(ident);
    let (def, step, table) = (def(workflow), step_name(workflow), &parts.code.table);
    let (params, export) = (workflow.keys(), workflow.options.export);
    let looks = looks(workflow);
    let sources = &parts.exported.sources;
    let (check, schema, shapes) = (check(workflow), schema(workflow), shapes(workflow));
    let (input, timeout) = (input_type(workflow), optional(workflow.options.timeout));
    let check_value = returned::check_value(&workflow.item.sig);
    let (fails_with, ends) = (returned::fails_with(&workflow.item.sig), ends(&ret));
    quote! {
        #def
        #fails_with

        #[automatically_derived]
        impl ::stepwright::__private::Workflow for #ident {
            type Input = #input;
            type Output = #ret;

            fn workflow() -> ::stepwright::__private::WorkflowDef {
                #[allow(unused_imports)]
                use ::stepwright::__private::Unknown as _;
                #check_value
                const __EXPORTED: bool = #export;
                ::stepwright::__private::WorkflowDef {
                    name: #name,
                    id: ::std::any::TypeId::of::<#ident>,
                    source: #source,
                    states: #sources,
                    params: &[#(#params),*],
                    looks: &[#looks],
                    program: || {
                        let mut __definition = ::core::option::Option::None;
                        #step(
                            ::core::option::Option::Some(
                                ::stepwright::__private::Mode::Define(&mut __definition),
                            ),
                            ::core::option::Option::None,
                        );
                        ::stepwright::__private::program(__definition, #table, |__segment, __run| {
                            #step(
                                ::core::option::Option::Some(
                                    ::stepwright::__private::Mode::Step(__segment, __run),
                                ),
                                ::core::option::Option::None,
                            )
                            .action()
                        })
                    },
                    calls: |__into| {
                        #step(
                            ::core::option::Option::Some(
                                ::stepwright::__private::Mode::Register(__into),
                            ),
                            ::core::option::Option::None,
                        );
                    },
                    check_input: |__input| { #check },
                    input_schema: || #schema,
                    shapes: #shapes,
                    output_schema: ::stepwright::__private::Known::<#ret>::success_schema,
                    errors: || ::stepwright::__private::Known::<#ret>::ERRORS,
                    timeout: #timeout,
                    export: #export,
                }
            }

            #ends
        }
    }
}

/// Where a name stands.
fn source(name: &Ident) -> TokenStream {
    let start = name.span().start();
    let count = |number: usize| u32::try_from(number).unwrap_or_default();
    let (line, column) = (count(start.line), count(start.column + 1));
    quote! {
        ::stepwright::__private::Source {
            file: ::core::file!(),
            line: #line,
            column: #column,
        }
    }
}

/// What an execution returned, from its end.
fn ends(ret: &TokenStream) -> TokenStream {
    quote! {
        fn returned(
            __output: &::stepwright::__private::serde_json::Value,
        ) -> ::core::result::Result<#ret, ::stepwright::__private::workflow::Mismatch> {
            #[allow(unused_imports)]
            use ::stepwright::__private::Unknown as _;
            ::stepwright::__private::Known::<#ret>::from_success(__output)
        }

        fn failed(
            __failure: &::stepwright::__private::Failure,
        ) -> ::core::option::Option<#ret> {
            #[allow(unused_imports)]
            use ::stepwright::__private::Unknown as _;
            ::stepwright::__private::Known::<#ret>::from_failed(__failure)
        }
    }
}

/// Collects what the frames keep.
fn shapes(workflow: &Workflow) -> TokenStream {
    let step = step_name(workflow);
    quote! {
        || {
            let mut __shapes = ::stepwright::__private::Shapes::new();
            #step(
                ::core::option::Option::Some(
                    ::stepwright::__private::Mode::Shapes(&mut __shapes),
                ),
                ::core::option::Option::None,
            );
            __shapes.finish()
        }
    }
}

/// How the JSON of each parameter looks.
fn looks(workflow: &Workflow) -> TokenStream {
    let types = workflow.params.iter().filter_map(owned).map(|(_, ty)| ty);
    let looks = types.map(|ty| {
        quote! {
            ::stepwright::__private::workflow::Later(
                || ::stepwright::__private::Known::<#ty>::LOOK,
            )
        }
    });
    quote!(#(#looks),*)
}

fn owned(param: &Param) -> Option<(String, &Type)> {
    match &param.role {
        Role::Argument { owned, .. } => Some((param.name(), owned)),
        Role::Context | Role::State(_) => None,
    }
}

fn check(workflow: &Workflow) -> TokenStream {
    let params: Vec<_> = workflow.params.iter().filter_map(owned).collect();
    match params.as_slice() {
        [] => quote!(let _ = __input; ::core::result::Result::Ok(())),
        [(_, ty)] => {
            quote_spanned!(ty.span()=> ::stepwright::__private::check_whole::<#ty>(__input, __EXPORTED))
        }
        params => {
            let checks = params.iter().map(
                |(name, ty)| quote_spanned!(ty.span()=> ::stepwright::__private::check_member::<#ty>(__input, #name, __EXPORTED)?;),
            );
            quote!(#(#checks)* ::core::result::Result::Ok(()))
        }
    }
}

fn schema(workflow: &Workflow) -> TokenStream {
    let params: Vec<_> = workflow.params.iter().filter_map(owned).collect();
    match params.as_slice() {
        [] => quote!(::stepwright::__private::serde_json::Value::Bool(true)),
        [(_, ty)] => quote!(::stepwright::__private::Known::<#ty>::schema()),
        params => {
            let members = params
                .iter()
                .map(|(name, ty)| quote!((#name, ::stepwright::__private::Known::<#ty>::schema())));
            quote!(::stepwright::__private::arguments_schema([#(#members),*]))
        }
    }
}
