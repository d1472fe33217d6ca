//! Each macro on one page: read, check, emit; or report every mistake and keep what was written.

use crate::{
    diagnostics::{Code, Errors},
    emit, syntax,
};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{DeriveInput, Item, ItemFn, parse2};

/// `#[task(..)]`.
pub(crate) fn task(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let Some(function) = function(&item, "#[task]") else { return item };
    let function = match function {
        Ok(function) => function,
        Err(errors) => return with_item(&errors, &item),
    };
    let mut errors = Errors::default();
    let task = syntax::task::parse(attribute, function, &mut errors);
    if errors.is_empty() {
        return emit::task::expand(&task);
    }
    let errors = errors.to_compile_errors();
    if task.can_be_called() {
        // the call stays what it is, so that nothing else seems wrong
        let task = emit::task::expand(&task);
        return quote!(#errors #task);
    }
    let item = task.item;
    quote!(#errors #item)
}

/// `#[data(..)]`.
pub(crate) fn data(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let Ok(input) = parse2::<DeriveInput>(item.clone()) else {
        let mut errors = Errors::default();
        if let Ok(other) = parse2::<Item>(item.clone()) {
            errors
                .push(other, Code::Syntax, "`#[data]` belongs on a struct or an enum")
                .help("it makes a type of values that can be saved");
        }
        return with_item(&errors, &item);
    };
    let mut errors = Errors::default();
    let data = syntax::data::parse(attribute, input, &mut errors);
    if errors.is_empty() {
        return emit::data::expand(&data);
    }
    let (errors, item) = (errors.to_compile_errors(), emit::data::fallback(&data));
    quote!(#errors #item)
}

/// `#[derive(TaskError)]`.
pub(crate) fn task_error(item: TokenStream) -> TokenStream {
    // rustc gives a derive only what parses
    let Ok(input) = parse2::<DeriveInput>(item) else { return TokenStream::new() };
    let mut errors = Errors::default();
    let error = syntax::error::parse(&input, &mut errors);
    if errors.is_empty() {
        return emit::task_error::expand(&error);
    }
    errors.to_compile_errors()
}

/// The function that an attribute stands on. `None` where it doesn't parse, which rustc reports
/// better than we do.
fn function(item: &TokenStream, attribute: &str) -> Option<Result<ItemFn, Errors>> {
    match parse2::<Item>(item.clone()) {
        Ok(Item::Fn(function)) => Some(Ok(function)),
        Ok(other) => {
            let mut errors = Errors::default();
            errors
                .push(other, Code::Syntax, format!("`{attribute}` belongs on a function"))
                .help("write it above an `async fn`");
            Some(Err(errors))
        }
        // a method has a receiver, which an item cannot have
        Err(_) => parse2::<ItemFn>(item.clone()).ok().map(Ok),
    }
}

/// Errors, and the item as it was written.
fn with_item(errors: &Errors, item: &TokenStream) -> TokenStream {
    let mut tokens = errors.to_compile_errors();
    item.to_tokens(&mut tokens);
    tokens
}
