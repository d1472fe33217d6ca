//! Procedural macros of stepwright: `#[data]`, `#[derive(TaskError)]`, `#[task]` and `#[workflow]`.

use proc_macro::TokenStream;

mod diagnostics;
mod expand;
mod syntax;

#[expect(dead_code, reason = "the passes between are under construction")]
mod cfg;
#[expect(dead_code, reason = "the passes between are under construction")]
mod ir;
#[expect(dead_code, reason = "the passes between are under construction")]
mod emit;

/// A task: see the documentation of `stepwright`.
#[proc_macro_attribute]
pub fn task(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::task(attribute.into(), item.into()).into()
}

/// A type of values that can be kept: see the documentation of `stepwright`.
#[proc_macro_attribute]
pub fn data(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand::data(attribute.into(), item.into()).into()
}

/// Errors with names: see the documentation of `stepwright`.
#[proc_macro_derive(TaskError, attributes(task_error, from))]
pub fn task_error(item: TokenStream) -> TokenStream {
    expand::task_error(item.into()).into()
}
