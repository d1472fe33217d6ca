//! Each macro on one page: read, check, emit; or report every mistake and keep what was written.

use crate::{
    cfg,
    diagnostics::{Code, Errors},
    emit::{self, definition::Mode, unawaited::Unawaited},
    ir, syntax,
};
use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::{Attribute, DeriveInput, Item, ItemFn, Stmt, TraitItemFn, parse2};

/// `#[task(..)]`.
pub(crate) fn task(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let Some(function) = function(&item, "#[task]") else { return item };
    let mut function = match function {
        Ok(function) => function,
        Err(errors) => return with_item(&errors, &item),
    };
    let mut errors = Errors::default();
    mark_once(&mut function.attrs, &["task", "workflow"], &mut errors);
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
    let item = as_written(&task.item);
    quote!(#errors #item)
}

/// `#[workflow(..)]`.
pub(crate) fn workflow(attribute: TokenStream, item: TokenStream) -> TokenStream {
    let Some(function) = function(&item, "#[workflow]") else { return item };
    let mut function = match function {
        Ok(function) => function,
        Err(errors) => return with_item(&errors, &item),
    };
    let mut errors = Errors::default();
    mark_once(&mut function.attrs, &["task", "workflow"], &mut errors);
    let mut workflow = syntax::workflow::parse(attribute, function, &mut errors);
    let expansion = compile(&workflow, &mut errors);
    if errors.is_empty() {
        return expansion;
    }
    errors.put_in(&mut workflow.item.block, &emit::asked::asked);
    let errors = errors.to_compile_errors();
    if workflow.can_be_called() {
        // the body is checked, and the call stays what it is, so that nothing else seems wrong
        let fallback = emit::workflow::fallback(&workflow);
        return quote!(#errors #fallback);
    }
    let known = emit::workflow::known(&workflow);
    let item = as_written(&workflow.item);
    quote!(#errors #item #known)
}

/// The passes over a workflow's body.
fn compile(workflow: &syntax::workflow::Workflow, errors: &mut Errors) -> TokenStream {
    let mut function = workflow.item.clone();
    let items = take_items(&mut function.block);
    ir::check::check(&function.block, errors);
    let export = workflow.options.export;
    let mut segments = function.clone();
    let unawaited =
        if export { Unawaited::default() } else { Unawaited::find(&mut segments.block) };
    let mut ir = ir::lower::lower(&segments, errors);
    if !errors.is_empty() {
        return TokenStream::new();
    }
    let leaves_by_question_mark =
        ir.frames.first().is_some_and(|frame| frame.carrier == ir::Carrier::Result);
    if leaves_by_question_mark && syntax::signature::is_plain_value(&function.sig) {
        // rustc reports the `?` in the body; segments would only repeat it
        return emit::workflow::fallback(workflow);
    }
    let mode = if export { Mode::Exported } else { Mode::Local };
    let exported = emit::definition::export(&mut ir, mode, errors);
    if !errors.is_empty() {
        return TokenStream::new();
    }
    if export {
        emit::checked::block(&mut function.block);
    }
    let keys = workflow.keys();
    let keys = (keys.len() > 1).then_some(keys.as_slice());
    let live = cfg::liveness::liveness(&ir);
    let code =
        emit::native::native(&ir, &live, &exported, &emit::native::Settings { keys, export });
    let parts = emit::workflow::Parts {
        body: &function.block,
        items: &items,
        code: &code,
        exported: &exported,
        unawaited: &unawaited,
    };
    emit::workflow::expand(workflow, &parts)
}

/// Takes the items out of a body: its segments share them.
fn take_items(body: &mut syn::Block) -> Vec<Item> {
    let (items, stmts) =
        std::mem::take(&mut body.stmts).into_iter().partition(|stmt| matches!(stmt, Stmt::Item(_)));
    body.stmts = stmts;
    let items: Vec<Stmt> = items;
    let item = |stmt| match stmt {
        Stmt::Item(item) => Some(item),
        _ => None,
    };
    items.into_iter().filter_map(item).collect()
}

/// `#[data(..)]`.
pub(crate) fn data(attribute: TokenStream, item: &TokenStream) -> TokenStream {
    let Ok(mut input) = parse2::<DeriveInput>(item.clone()) else {
        let mut errors = Errors::default();
        if let Ok(other) = parse2::<Item>(item.clone()) {
            errors
                .push(other, Code::Syntax, "`#[data]` belongs on a struct or an enum")
                .help("it makes a type of values that can be saved");
        }
        return with_item(&errors, item);
    };
    let mut errors = Errors::default();
    mark_once(&mut input.attrs, &["data"], &mut errors);
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
            if parse2::<TraitItemFn>(item.clone()).is_ok() {
                errors
                    .push(other, Code::Syntax, format!("`{attribute}` can't stand on a method"))
                    .help("make it a free function and give what it needs as parameters");
                return Some(Err(errors));
            }
            errors
                .push(other, Code::Syntax, format!("`{attribute}` belongs on a function"))
                .help("write it above an `async fn`");
            Some(Err(errors))
        }
        // a method has a receiver, which an item cannot have
        Err(_) => parse2::<ItemFn>(item.clone()).ok().map(Ok),
    }
}

/// Takes away marks of ours that an item has beside the one that is being expanded.
fn mark_once(attributes: &mut Vec<Attribute>, marks: &[&str], errors: &mut Errors) {
    attributes.retain(|attribute| {
        let path = attribute.path();
        let is_ours = path.segments.len() == 1
            || path.segments.first().is_some_and(|first| first.ident == "stepwright");
        let mark = path.segments.last().filter(|last| marks.iter().any(|mark| last.ident == mark));
        let Some(mark) = mark.filter(|_| is_ours) else { return true };
        errors
            .push(attribute, Code::Syntax, "this has been marked already")
            .help(format!("remove `#[{}]`, or the mark above it", mark.ident));
        false
    });
}

/// The function, whose call would only make more seem wrong. rustc wants a `main`, and no async one.
fn as_written(function: &ItemFn) -> TokenStream {
    if function.sig.ident == "main" {
        quote!(
            fn main() {}
        )
    } else {
        quote!(#function)
    }
}

/// Errors, and the item as it was written.
fn with_item(errors: &Errors, item: &TokenStream) -> TokenStream {
    let mut tokens = errors.to_compile_errors();
    item.to_tokens(&mut tokens);
    tokens
}
