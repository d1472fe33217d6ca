//! What the passes over a workflow make of a source, as text. These helpers alone know their API.

mod checked;
mod expansion;
mod lowering;
mod mistakes;
mod print;

use crate::{cfg, diagnostics::Errors, expand, ir};
use proc_macro2::TokenStream;

/// The representation of a function, and what is alive at each segment.
#[track_caller]
fn lowered(source: &str) -> String {
    let function = syn::parse_str(source).expect("the test's function parses");
    let mut errors = Errors::default();
    let ir = ir::lower::lower(&function, &mut errors);
    assert!(errors.is_empty(), "{errors:?}");
    print::print(&ir, &cfg::liveness::liveness(&ir))
}

/// What `#[workflow(attribute)]` makes of an item.
fn expanded(attribute: &str, item: &str) -> TokenStream {
    let parse = |text: &str| text.parse().expect("the test's tokens parse");
    expand::workflow(parse(attribute), parse(item))
}

/// Its mistakes: each message on a line.
fn mistakes(item: &str) -> String {
    let text = expanded("", item).to_string();
    let messages = text.split("compile_error ! {").skip(1).filter_map(|rest| {
        let literal = rest.split_once('}')?.0.trim();
        let message: syn::LitStr = syn::parse_str(literal).ok()?;
        Some(message.value().replace("\n\n", "\n  "))
    });
    messages.collect::<Vec<_>>().join("\n")
}
