//! Signatures of tasks and workflows.

use super::unordered;
use crate::diagnostics::{Code, Errors};
use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{
    FnArg, GenericParam, Pat, ReturnType, Signature, Token, Type, TypeReference,
    ext::IdentExt as _, parse_quote, spanned::Spanned as _, visit::Visit,
};

/// A parameter.
pub(crate) struct Param {
    /// Its name, as written.
    pub(crate) ident: Ident,
    /// What it is for.
    pub(crate) role: Role,
}

/// What a parameter is for.
pub(crate) enum Role {
    /// `&TaskContext`.
    Context,
    /// `#[state] name: &T`: the `T`.
    State(Type),
    /// An argument of the caller.
    Argument {
        /// The type that is saved and sent: `String` for `&str`.
        owned: Type,
        /// Whether the function takes a reference to it.
        by_ref: bool,
    },
}

impl Param {
    /// Its name in JSON.
    pub(crate) fn name(&self) -> String {
        self.ident.unraw().to_string()
    }
}

/// What kind of function it is, for messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Task,
    Workflow,
}

impl Kind {
    /// Its name, with an article.
    pub(crate) const fn named(self) -> &'static str {
        match self {
            Self::Task => "a task",
            Self::Workflow => "a workflow",
        }
    }
}

/// Reads the parameters and takes their `#[state]` attributes away.
pub(crate) fn params(signature: &mut Signature, kind: Kind, errors: &mut Errors) -> Vec<Param> {
    signature.inputs.iter_mut().filter_map(|input| param(input, kind, errors)).collect()
}

fn param(input: &mut FnArg, kind: Kind, errors: &mut Errors) -> Option<Param> {
    let a = kind.named();
    let typed = match input {
        FnArg::Receiver(receiver) => {
            errors
                .push(&*receiver, Code::Signature, format!("{a} can't be a method"))
                .help("make it a free function and give what it needs as parameters");
            return None;
        }
        FnArg::Typed(typed) => typed,
    };
    let is_state = typed.attrs.iter().any(|attr| attr.path().is_ident("state"));
    typed.attrs.retain(|attr| !attr.path().is_ident("state"));
    let ident = match &*typed.pat {
        Pat::Ident(pat) if pat.by_ref.is_none() && pat.subpat.is_none() => pat.ident.clone(),
        other => {
            errors
                .push(other, Code::Signature, "a parameter must be a plain name")
                .help("it is the argument's name in JSON; take the value apart in the body");
            return None;
        }
    };
    let role = if is_state {
        state(&mut typed.ty, kind, errors)?
    } else if is_context(&typed.ty) {
        context(&mut typed.ty, kind, errors)?
    } else {
        argument(&typed.ty, kind, errors)?
    };
    Some(Param { ident, role })
}

/// A type that is no shared reference is reported, and becomes one: the call stays what it is to be.
fn state(ty: &mut Type, kind: Kind, errors: &mut Errors) -> Option<Role> {
    if kind == Kind::Workflow {
        errors
            .push(ty, Code::Signature, "a workflow has no state of the host")
            .help("give it to the task that uses it: `#[state] name: &Type`");
        return None;
    }
    if !is_shared(ty) {
        errors
            .push(&*ty, Code::Signature, "state must be a shared reference")
            .help(format!("write `&{}`: all tasks share the value", bare(ty)));
        share(ty);
    }
    Some(Role::State(inner(ty).clone()))
}

fn is_shared(ty: &Type) -> bool {
    matches!(ty, Type::Reference(reference) if reference.mutability.is_none())
}

/// The type without its reference.
fn inner(ty: &Type) -> &Type {
    if let Type::Reference(reference) = ty { &reference.elem } else { ty }
}

/// Makes a shared reference of a type.
fn share(ty: &mut Type) {
    let inner = inner(ty);
    *ty = parse_quote!(&#inner);
}

/// The type without its reference, as text.
fn bare(ty: &Type) -> String {
    source(inner(ty))
}

/// Tokens as they would be written.
pub(crate) fn source(tokens: &impl ToTokens) -> String {
    let spaced = tokens.to_token_stream().to_string();
    let tight =
        [(" < ", "<"), (" > ", ">"), (" >", ">"), (" :: ", "::"), (" , ", ", "), ("& ", "&")];
    tight.iter().fold(spaced, |text, (from, to)| text.replace(from, to))
}

fn is_context(ty: &Type) -> bool {
    matches!(inner(ty), Type::Path(path)
        if path.path.segments.last().is_some_and(|last| last.ident == "TaskContext"))
}

fn context(ty: &mut Type, kind: Kind, errors: &mut Errors) -> Option<Role> {
    if kind == Kind::Workflow {
        errors
            .push(ty, Code::Signature, "a workflow has no `TaskContext`")
            .help("a task may take it: attempt, idempotency key and heartbeats are a task's");
        return None;
    }
    if !is_shared(ty) {
        errors.push(&*ty, Code::Signature, "the context must be `&TaskContext`");
        share(ty);
    }
    Some(Role::Context)
}

fn argument(ty: &Type, kind: Kind, errors: &mut Errors) -> Option<Role> {
    let a = kind.named();
    let (owned, by_ref): (Type, bool) = match ty {
        Type::Reference(reference) if kind == Kind::Workflow => {
            errors
                .push(ty, Code::Signature, "a workflow owns its parameters")
                .help(format!("take `{}`: it is read from the input", owned_name(reference)));
            (owned(reference), true)
        }
        Type::Reference(reference) if reference.mutability.is_some() => {
            errors.push(ty, Code::Signature, format!("{a} can't change its caller's value")).help(
                format!("take `{}` or a shared reference, and return the new value", bare(ty)),
            );
            return None;
        }
        Type::Reference(reference) => (owned(reference), true),
        other => (other.clone(), false),
    };
    if unordered::report(&owned, Code::Signature, errors) {
        return None;
    }
    let mut inner = Inner::default();
    inner.visit_type(&owned);
    if let Some((tokens, text, help)) = inner.wrong {
        errors.push(tokens, Code::Signature, text).help(help);
        return None;
    }
    Some(Role::Argument { owned, by_ref })
}

/// The type that a reference is borrowed from.
fn owned(reference: &TypeReference) -> Type {
    match &*reference.elem {
        Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
        Type::Slice(slice) => {
            let item = &slice.elem;
            parse_quote!(::std::vec::Vec<#item>)
        }
        other => other.clone(),
    }
}

/// The same as the user would write it.
fn owned_name(reference: &TypeReference) -> String {
    match &*reference.elem {
        Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", source(&slice.elem)),
        other => source(other),
    }
}

/// Looks for what no parameter may have inside.
#[derive(Default)]
struct Inner {
    wrong: Option<(TokenStream, &'static str, String)>,
}

impl<'ast> Visit<'ast> for Inner {
    fn visit_type(&mut self, ty: &'ast Type) {
        let tokens = ty.to_token_stream();
        let found = match ty {
            Type::Reference(_) => Some((
                "a reference inside a parameter's type can't be saved",
                "take the owned type, or a reference to the whole".to_owned(),
            )),
            Type::ImplTrait(_) => Some((
                "`impl Trait` parameters can't be saved",
                "name the type: what arrives is read from JSON".to_owned(),
            )),
            Type::Infer(_) => {
                Some(("a parameter's type must be named", "write the type".to_owned()))
            }
            _ => None,
        };
        match found {
            Some((text, help)) => {
                self.wrong.get_or_insert((tokens, text, help));
            }
            None => syn::visit::visit_type(self, ty),
        }
    }
}

/// Checks what is around the parameters: generics, qualifiers, the return type.
pub(crate) fn check(signature: &Signature, kind: Kind, errors: &mut Errors) {
    let a = kind.named();
    for generic in &signature.generics.params {
        if !matches!(generic, GenericParam::Lifetime(_)) {
            errors
                .push(generic, Code::Signature, format!("{a} can't be generic"))
                .help("it is found by its name when it is run or resumed: write one for each type");
        }
    }
    if let Some(token) = &signature.constness {
        errors.push(token, Code::Signature, format!("{a} can't be `const`"));
    }
    if let syn::Safety::Unsafe(token) = &signature.safety {
        errors
            .push(token, Code::Signature, format!("{a} can't be `unsafe`"))
            .help("nobody can keep the promises of a caller for the engine");
    }
    if let Some(abi) = &signature.abi {
        errors.push(abi, Code::Signature, format!("{a} can't be `extern`"));
    }
    if let Some(variadic) = &signature.variadic {
        errors.push(variadic, Code::Signature, format!("{a} can't be variadic"));
    }
    let name = signature.ident.unraw().to_string();
    if name == "main" {
        errors.push(&signature.ident, Code::Signature, format!("{a} can't be `main`")).help(
            "give it another name; `fn main() -> ExitCode { App::new().workflow::<name>().run() }` runs it",
        );
    }
    if let Err(problem) = super::args::check_name(&name) {
        errors
            .push(
                &signature.ident,
                Code::Signature,
                format!("`{name}` can't be used as a name: {problem}"),
            )
            .help("give another with `name = \"..\"`");
    }
    output(&signature.output, a, errors);
}

fn output(output: &ReturnType, a: &str, errors: &mut Errors) {
    let ReturnType::Type(_, ty) = output else { return };
    if unordered::report(ty, Code::Signature, errors) {
        return;
    }
    let mut inner = Inner::default();
    inner.visit_type(ty);
    if let Some((tokens, ..)) = inner.wrong {
        errors
            .push(tokens, Code::Signature, format!("{a} must return owned data of a named type"))
            .help("what it returns is saved and read again: return `String` instead of `&str`");
    }
}

/// The return type, `()` where none is written.
pub(crate) fn returned(signature: &Signature) -> TokenStream {
    match &signature.output {
        ReturnType::Default => {
            let span = signature.ident.span();
            quote::quote_spanned!(span=> ())
        }
        ReturnType::Type(_, ty) => quote!(#ty),
    }
}

/// Whether the return type is plainly nothing that `?` can leave a function with.
pub(crate) fn is_plain_value(signature: &Signature) -> bool {
    const PLAIN: &[&str] = &[
        "bool",
        "char",
        "f32",
        "f64",
        "i8",
        "i16",
        "i32",
        "i64",
        "i128",
        "isize",
        "u8",
        "u16",
        "u32",
        "u64",
        "u128",
        "usize",
        "String",
        "Vec",
        "BTreeMap",
        "IndexMap",
        "Duration",
        "Timestamp",
        "Value",
    ];
    match &signature.output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Tuple(_) | Type::Array(_) => true,
            Type::Path(path) => path
                .path
                .segments
                .last()
                .is_some_and(|last| PLAIN.iter().any(|plain| last.ident == plain)),
            _ => false,
        },
    }
}

/// Reports a plain function, and makes it async: what awaits it is right.
pub(crate) fn must_be_async(signature: &mut Signature, kind: Kind, errors: &mut Errors) {
    if signature.asyncness.is_some() {
        return;
    }
    let (a, span) = (kind.named(), signature.fn_token.span());
    signature.asyncness = Some(Token![async](span));
    let mistake = errors.at(span, Code::Signature, format!("{a} must be an `async fn`"));
    match kind {
        Kind::Task => {
            mistake.help("write `async fn`, or `#[task(blocking)]` if it blocks its thread")
        }
        Kind::Workflow => mistake.help("write `async fn`: its `.await`s are the steps"),
    };
}
