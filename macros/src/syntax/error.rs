//! `#[derive(TaskError)]`: the variants of an error, and what each stands for.

use super::{
    args::{self, Opt},
    serde_attrs::{Case, Rule, SerdeAttrs},
};
use crate::diagnostics::{Code, Errors};
use proc_macro2::TokenStream;
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, Ident, Type, ext::IdentExt as _,
    spanned::Spanned as _,
};

const ITEM_OPTIONS: &[&str] = &["display", "name"];
const VARIANT_OPTIONS: &[&str] = &["name", "other", "timeout"];

/// An error type as written.
pub(crate) struct ErrorType {
    /// Its name.
    pub(crate) ident: Ident,
    /// Whether it is a struct: then the only variant is the struct itself.
    pub(crate) is_struct: bool,
    /// Its variants.
    pub(crate) variants: Vec<Variant>,
    /// Whether to write `Display` and `Error`.
    pub(crate) display: bool,
    /// Whether to write `From`; thiserror does it otherwise.
    pub(crate) from: bool,
}

/// A variant.
pub(crate) struct Variant {
    /// Its name in the source.
    pub(crate) ident: Ident,
    /// Its name in JSON; empty for a struct.
    pub(crate) json: String,
    /// What it stands for.
    pub(crate) kind: Kind,
    /// What it holds.
    pub(crate) holds: Holds,
}

/// What a variant stands for.
pub(crate) enum Kind {
    /// An error name of its own.
    Named(String),
    /// The errors of this type.
    From(Box<Type>),
    /// A timeout, with the name it has when a workflow fails with it.
    Timeout(String),
    /// Anything else.
    Other,
}

/// What a variant holds, as far as patterns need it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    Nothing,
    /// One unnamed field.
    One,
    Unnamed,
    Named,
}

/// Reads an error type.
pub(crate) fn parse(item: &DeriveInput, errors: &mut Errors) -> ErrorType {
    if let Some(param) = item.generics.params.first() {
        errors
            .push(param, Code::Error, "an error type can't be generic")
            .help("its names must be known: write one type for each");
    }
    let mut found = ErrorType {
        ident: item.ident.clone(),
        is_struct: matches!(item.data, Data::Struct(_)),
        variants: Vec::new(),
        display: true,
        from: true,
    };
    let mut name = None;
    for opt in options(&item.attrs, errors) {
        match opt.name.to_string().as_str() {
            "display" => found.display = opt.boolean(errors).unwrap_or(true),
            "name" if found.is_struct => name = error_name(&opt, errors),
            _ => args::unknown(&opt, "`#[task_error]` on a type", ITEM_OPTIONS, errors),
        }
    }
    let attrs = SerdeAttrs::read(&item.attrs);
    if let Some(opt) = attrs.any(&["tag", "content", "untagged"]) {
        errors
            .push(&opt.name, Code::Error, "an error type is tagged as serde does it by default")
            .help("leave this out: causes look the same in every task");
    }
    let case = attrs.rule("rename_all", Case::AsWritten, errors);
    match &item.data {
        Data::Struct(data) => found.variants.push(Variant {
            ident: item.ident.clone(),
            json: String::new(),
            kind: Kind::Named(name.unwrap_or_else(|| item.ident.unraw().to_string())),
            holds: holds(&data.fields),
        }),
        Data::Enum(data) => {
            found.variants =
                data.variants.iter().map(|variant| self::variant(variant, case, errors)).collect();
        }
        Data::Union(data) => {
            errors.push(data.union_token, Code::Error, "a union can't be an error type");
        }
    }
    if thiserror(item) {
        (found.display, found.from) = (false, false);
    }
    unique(&found, errors);
    found
}

/// Whether thiserror is derived too: it has attributes `#[error(..)]`.
fn thiserror(item: &DeriveInput) -> bool {
    let of_item = item.attrs.iter();
    let of_variants: Vec<&Attribute> = match &item.data {
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.attrs).collect(),
        Data::Struct(_) | Data::Union(_) => Vec::new(),
    };
    of_item.chain(of_variants).any(|attribute| attribute.path().is_ident("error"))
}

fn options(attributes: &[Attribute], errors: &mut Errors) -> Vec<Opt> {
    let mut found = Vec::new();
    for attribute in attributes.iter().filter(|each| each.path().is_ident("task_error")) {
        match attribute.parse_args::<TokenStream>() {
            Ok(tokens) => found.extend(args::options(tokens, errors)),
            Err(_) => {
                errors.push(attribute, Code::Option, "expected `#[task_error(..)]`");
            }
        }
    }
    found
}

fn variant(variant: &syn::Variant, case: Case, errors: &mut Errors) -> Variant {
    let (mut name, mut other, mut timeout) = (None, None, None);
    for opt in options(&variant.attrs, errors) {
        match opt.name.to_string().as_str() {
            "name" => {
                let value = error_name(&opt, errors);
                args::once(&mut name, &opt, value, errors);
            }
            "other" => {
                let value = opt.flag(errors).then(|| opt.name.clone());
                args::once(&mut other, &opt, value, errors);
            }
            "timeout" => {
                let value = opt.flag(errors).then(|| opt.name.clone());
                args::once(&mut timeout, &opt, value, errors);
            }
            _ => args::unknown(&opt, "`#[task_error]` on a variant", VARIANT_OPTIONS, errors),
        }
    }
    let from = from(&variant.fields, errors);
    let own = name.clone().unwrap_or_else(|| variant.ident.unraw().to_string());
    let marks = [from.is_some(), other.is_some(), timeout.is_some()];
    if marks.iter().filter(|mark| **mark).count() > 1 {
        errors
            .push(variant, Code::Error, "`#[from]`, `other` and `timeout` exclude each other")
            .help("make a variant for each");
    }
    let kind = match (from, other, timeout) {
        (Some(inner), ..) => {
            no_name(name.as_ref(), variant, "#[from]", errors);
            Kind::From(Box::new(inner))
        }
        (None, Some(mark), _) => {
            no_name(name.as_ref(), variant, "other", errors);
            if !holds_failure(&variant.fields) {
                errors.push(mark, Code::Error, "an `other` variant holds a `Failure`").help(
                    format!("write `{}(stepwright::Failure)`: error name and cause", variant.ident),
                );
            }
            Kind::Other
        }
        (None, None, Some(mark)) => {
            if !matches!(variant.fields, Fields::Unit) {
                errors
                    .push(mark, Code::Error, "a `timeout` variant holds nothing")
                    .help(format!("write just `{}`: a timeout carries no data", variant.ident));
            }
            Kind::Timeout(own)
        }
        (None, None, None) => Kind::Named(own),
    };
    let json = SerdeAttrs::read(&variant.attrs).name(&variant.ident, Rule::Variant(case), errors);
    Variant { ident: variant.ident.clone(), json, kind, holds: holds(&variant.fields) }
}

fn no_name(name: Option<&String>, variant: &syn::Variant, mark: &str, errors: &mut Errors) {
    if name.is_some() {
        errors
            .push(&variant.ident, Code::Error, format!("a `{mark}` variant has no name of its own"))
            .help("error name and cause are those of what it holds");
    }
}

fn holds(fields: &Fields) -> Holds {
    match fields {
        Fields::Unit => Holds::Nothing,
        Fields::Unnamed(unnamed) if unnamed.unnamed.len() == 1 => Holds::One,
        Fields::Unnamed(_) => Holds::Unnamed,
        Fields::Named(_) => Holds::Named,
    }
}

fn holds_failure(fields: &Fields) -> bool {
    let is_failure = |field: &Field| {
        matches!(&field.ty, Type::Path(path)
            if path.path.segments.last().is_some_and(|last| last.ident == "Failure"))
    };
    holds(fields) == Holds::One && fields.iter().all(is_failure)
}

/// The type of a field marked `#[from]`.
fn from(fields: &Fields, errors: &mut Errors) -> Option<Type> {
    let is_from = |field: &&Field| field.attrs.iter().any(|attr| attr.path().is_ident("from"));
    let marked = fields.iter().find(is_from)?;
    if holds(fields) != Holds::One {
        errors
            .at(marked.span(), Code::Error, "a `#[from]` variant holds one unnamed error")
            .help(format!("write `Name(#[from] {})`", super::signature::source(&marked.ty)));
    }
    Some(marked.ty.clone())
}

fn error_name(opt: &Opt, errors: &mut Errors) -> Option<String> {
    let name = opt.text(errors)?;
    if name.starts_with("States.") {
        errors
            .push(
                opt.value_span(),
                Code::Error,
                "error names that begin with `States.` are reserved",
            )
            .help("choose another name");
        return None;
    }
    if name.is_empty() || name.chars().count() > 256 {
        errors.push(opt.value_span(), Code::Error, "an error name has 1 to 256 characters");
        return None;
    }
    Some(name)
}

/// Names of this type's own variants that stand twice, and second catch-alls.
fn unique(found: &ErrorType, errors: &mut Errors) {
    let mut names: Vec<&str> = Vec::new();
    let (mut others, mut timeouts) = (0, 0);
    for variant in &found.variants {
        match &variant.kind {
            Kind::Named(name) | Kind::Timeout(name) => {
                if names.contains(&name.as_str()) {
                    errors
                        .push(
                            &variant.ident,
                            Code::Error,
                            format!("two variants have the error name `{name}`"),
                        )
                        .help("retries and catches could not tell them apart");
                }
                names.push(name);
                timeouts += usize::from(matches!(variant.kind, Kind::Timeout(_)));
            }
            Kind::Other => others += 1,
            Kind::From(_) => {}
        }
        for (count, mark) in [(&mut others, "other"), (&mut timeouts, "timeout")] {
            if *count > 1 {
                *count = 1;
                errors.push(
                    &variant.ident,
                    Code::Error,
                    format!("an error type has one `{mark}` variant"),
                );
            }
        }
    }
}
