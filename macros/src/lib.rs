//! Procedural macros of stepwright: `#[data]`, `#[derive(TaskError)]`, `#[task]` and `#[workflow]`.

use proc_macro::TokenStream;

mod diagnostics;
mod expand;
mod syntax;
#[cfg(test)]
mod tests;

mod cfg;
mod ir;
mod emit;

/// A task: see the documentation of `stepwright`.
#[proc_macro_attribute]
pub fn task(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::task(attribute.into(), item.into()).into()
}

/// A workflow: see the documentation of `stepwright`.
#[proc_macro_attribute]
pub fn workflow(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::workflow(attribute.into(), item.into()).into()
}

/// A type of values that can be kept: see the documentation of `stepwright`.
#[proc_macro_attribute]
pub fn data(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::data(attribute.into(), &item.into()).into()
}

/// Errors with names: see the documentation of `stepwright`.
#[proc_macro_derive(TaskError, attributes(task_error, from))]
pub fn task_error(item: TokenStream) -> TokenStream {
    expand::task_error(item.into()).into()
}
