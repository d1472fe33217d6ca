//! `#[data]`: a struct or enum that can be kept, and how its JSON names its fields.

use super::{
    args,
    serde_attrs::{Case, Rule, SerdeAttrs},
    unordered,
};
use crate::diagnostics::{Code, Errors};
use proc_macro2::TokenStream;
use syn::{
    Attribute, Data, DeriveInput, Fields, GenericArgument, GenericParam, Ident, Path,
    PathArguments, Token, Type, ext::IdentExt as _, parse::Parser as _, punctuated::Punctuated,
};

/// What `#[data]` derives, unless it is there or declined.
pub(crate) const DERIVES: &[&str] =
    &["Clone", "Debug", "PartialEq", "Serialize", "Deserialize", "JsonSchema"];

/// A data type as written.
pub(crate) struct DataType {
    /// The item, without `#[data(..)]` on fields.
    pub(crate) item: DeriveInput,
    /// What to derive.
    pub(crate) derives: Vec<&'static str>,
    /// How it looks in JSON.
    pub(crate) shape: Shape,
    /// Types of the fields that must be durable.
    pub(crate) checked: Vec<Type>,
    /// The only field, where the JSON is that field's.
    pub(crate) transparent: Option<Type>,
}

/// How a type looks in JSON.
pub(crate) enum Shape {
    Struct(Vec<Field>),
    Newtype(Box<Type>),
    Tuple(Vec<Type>),
    Unit,
    Enum(Tagging, Vec<Variant>),
    Opaque,
}

/// A field with its names.
pub(crate) struct Field {
    pub(crate) rust: String,
    pub(crate) json: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) ty: Type,
    /// The variant of the runtime's `Presence`.
    pub(crate) presence: &'static str,
    /// What it is where an input lacks it.
    pub(crate) default: Option<Fallback>,
}

/// Where the default of a field comes from.
pub(crate) enum Fallback {
    /// Its type.
    Type(Box<Type>),
    /// A function of this path.
    Function(String),
    /// The field of the container's default.
    Container,
}

/// How an enum says which variant it is.
pub(crate) enum Tagging {
    External,
    Internal(String),
    Adjacent(String, String),
}

/// A variant with its names.
pub(crate) struct Variant {
    pub(crate) rust: String,
    pub(crate) json: String,
    pub(crate) shape: Shape,
}

/// Reads a data type.
pub(crate) fn parse(
    attribute: TokenStream,
    mut item: DeriveInput,
    errors: &mut Errors,
) -> DataType {
    let without = options(attribute, errors);
    let present = derived(&item.attrs);
    let derives = DERIVES
        .iter()
        .copied()
        .filter(|name| !present.iter().any(|present| present == name) && !without.contains(name));
    let derives = derives.collect();
    for generic in &item.generics.params {
        if let GenericParam::Lifetime(lifetime) = generic {
            errors
                .push(lifetime, Code::Data, "data can't borrow")
                .help("what is saved owns its parts: use `String` instead of `&str`");
        }
    }
    let attrs = SerdeAttrs::read(&item.attrs);
    let checked = strip_and_check(&mut item, errors);
    let (shape, transparent) = shape(&item, &attrs, errors);
    DataType { item, derives, shape, checked, transparent }
}

/// Traits that the user declines.
fn options(attribute: TokenStream, errors: &mut Errors) -> Vec<&'static str> {
    let mut without = Vec::new();
    for opt in args::options(attribute, errors) {
        let args::Value::List(tokens, _) = &opt.value else {
            args::unknown(&opt, "`#[data]`", &["without(..)"], errors);
            continue;
        };
        if opt.name != "without" {
            args::unknown(&opt, "`#[data]`", &["without(..)"], errors);
            continue;
        }
        for part in args::split(tokens.clone()) {
            let tokens: TokenStream = part.into_iter().collect();
            let name = tokens.to_string();
            match ["Clone", "Debug", "PartialEq"].into_iter().find(|known| *known == name) {
                Some(known) => without.push(known),
                None => {
                    errors
                        .push(tokens, Code::Value, format!("`#[data]` can't do without `{name}`"))
                        .help("`Clone`, `Debug` and `PartialEq` can be left out, to write them by hand");
                }
            }
        }
    }
    without
}

/// Last names of the traits that the item derives itself.
fn derived(attributes: &[Attribute]) -> Vec<String> {
    let lists = attributes.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let paths = lists.filter_map(|attribute| {
        let syn::Meta::List(list) = &attribute.meta else { return None };
        Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()
    });
    let last = |path: Path| path.segments.last().map(|last| last.ident.to_string());
    paths.flatten().filter_map(last).collect()
}

/// Takes our attributes from the fields; gives the types to check.
fn strip_and_check(item: &mut DeriveInput, errors: &mut Errors) -> Vec<Type> {
    let fields: Vec<&mut Fields> = match &mut item.data {
        Data::Struct(data) => vec![&mut data.fields],
        Data::Enum(data) => data.variants.iter_mut().map(|variant| &mut variant.fields).collect(),
        Data::Union(data) => {
            errors
                .push(data.union_token, Code::Data, "a union can't be data")
                .help("use an enum: what is saved must say which case it is");
            Vec::new()
        }
    };
    let mut checked = Vec::new();
    for field in fields.into_iter().flat_map(|fields| fields.iter_mut()) {
        let mut unchecked = false;
        for attribute in field.attrs.iter().filter(|each| each.path().is_ident("data")) {
            let is_known = attribute.parse_args::<Ident>().is_ok_and(|name| name == "unchecked");
            if !is_known {
                errors
                    .push(
                        attribute,
                        Code::Option,
                        "a field's `#[data]` has the option `unchecked` only",
                    )
                    .help("`#[data(unchecked)]` trusts you that the field's JSON gives it back");
            }
            unchecked |= is_known;
        }
        field.attrs.retain(|each| !each.path().is_ident("data"));
        lost(&field.attrs, errors);
        if let Some(inner) = nullable(&field.ty) {
            errors
                .push(
                    &field.ty,
                    Code::Data,
                    format!("`Some({inner})` and `None` are both `null` in JSON"),
                )
                .help("use an enum marked `#[data]` with a variant for each case");
        } else if !unchecked && !unordered::report(&field.ty, Code::Data, errors) {
            checked.push(field.ty.clone());
        }
    }
    checked
}

/// What an `Option` has inside that is `null` too, as far as the source shows it.
fn nullable(ty: &Type) -> Option<&'static str> {
    match option_of(option_of(ty).as_ref()?) {
        Some(_) => Some("None"),
        None => {
            matches!(option_of(ty)?, Type::Tuple(unit) if unit.elems.is_empty()).then_some("()")
        }
    }
}

/// Reports a field that would not come back.
fn lost(attributes: &[Attribute], errors: &mut Errors) {
    let attrs = SerdeAttrs::read(attributes);
    if let Some(opt) = attrs.any(&["skip", "skip_serializing", "skip_deserializing"]) {
        errors
            .push(
                &opt.name,
                Code::Data,
                format!("`{}` loses this field across an `.await`", opt.name),
            )
            .help("keep it, or compute it in the task that needs it");
    }
}

fn shape(item: &DeriveInput, attrs: &SerdeAttrs, errors: &mut Errors) -> (Shape, Option<Type>) {
    if attrs.any(&["from", "try_from", "into", "remote"]).is_some() {
        return (Shape::Opaque, None);
    }
    match &item.data {
        Data::Struct(data) => {
            let case = attrs.rule("rename_all", Case::AsWritten, errors);
            let only = data.fields.iter().next().filter(|_| data.fields.len() == 1);
            let transparent = match (&data.fields, only) {
                (Fields::Unnamed(_), Some(field)) => Some(field.ty.clone()),
                (_, Some(field)) if attrs.get("transparent").is_some() => Some(field.ty.clone()),
                _ => None,
            };
            match transparent {
                Some(inner) => (Shape::Newtype(Box::new(inner.clone())), Some(inner)),
                None => {
                    let container = attrs.get("default").is_some();
                    (fields(&data.fields, case, container, errors), None)
                }
            }
        }
        Data::Enum(_) => (enumeration(item, attrs, errors), None),
        Data::Union(_) => (Shape::Opaque, None),
    }
}

fn enumeration(item: &DeriveInput, attrs: &SerdeAttrs, errors: &mut Errors) -> Shape {
    let Data::Enum(data) = &item.data else { return Shape::Opaque };
    let case = attrs.rule("rename_all", Case::AsWritten, errors);
    let of_fields = attrs.rule("rename_all_fields", Case::AsWritten, errors);
    untagged(attrs, errors);
    let tagging = match (attrs.text("tag", errors), attrs.text("content", errors)) {
        (Some(tag), None) => Tagging::Internal(tag),
        (Some(tag), Some(content)) => Tagging::Adjacent(tag, content),
        (None, _) => Tagging::External,
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        let own = SerdeAttrs::read(&variant.attrs);
        untagged(&own, errors);
        lost(&variant.attrs, errors);
        let json = own.name(&variant.ident, Rule::Variant(case), errors);
        let inner = own.rule("rename_all", of_fields, errors);
        let shape = fields(&variant.fields, inner, false, errors);
        variants.push(Variant { rust: variant.ident.unraw().to_string(), json, shape });
    }
    Shape::Enum(tagging, variants)
}

fn untagged(attrs: &SerdeAttrs, errors: &mut Errors) {
    if let Some(opt) = attrs.get("untagged") {
        errors
            .push(&opt.name, Code::Data, "an untagged enum can come back as another variant")
            .help("leave `untagged` out, or name the variant with `#[serde(tag = \"..\")]`");
    }
}

fn fields(fields: &Fields, case: Case, container: bool, errors: &mut Errors) -> Shape {
    match fields {
        Fields::Unit => Shape::Unit,
        Fields::Unnamed(unnamed) => {
            let mut types: Vec<Type> =
                unnamed.unnamed.iter().map(|field| field.ty.clone()).collect();
            match (types.len(), types.pop()) {
                (1, Some(only)) => Shape::Newtype(Box::new(only)),
                (_, last) => Shape::Tuple(types.into_iter().chain(last).collect()),
            }
        }
        Fields::Named(named) => {
            let named = named.named.iter().filter_map(|field| {
                let ident = field.ident.as_ref()?;
                let attrs = SerdeAttrs::read(&field.attrs);
                let json = attrs.name(ident, Rule::Field(case), errors);
                let default = fallback(&attrs, &field.ty, container);
                let presence = match (presence(&attrs, &field.ty), &default) {
                    ("Always" | "Optional", Some(_)) => "Defaulted",
                    (presence, _) => presence,
                };
                let (rust, aliases) = (ident.unraw().to_string(), attrs.aliases());
                Some(Field { rust, json, aliases, ty: field.ty.clone(), presence, default })
            });
            Shape::Struct(named.collect())
        }
    }
}

fn fallback(attrs: &SerdeAttrs, ty: &Type, container: bool) -> Option<Fallback> {
    match attrs.get("default") {
        Some(opt) => Some(match opt.text(&mut Errors::default()) {
            Some(path) => Fallback::Function(path),
            None => Fallback::Type(Box::new(ty.clone())),
        }),
        None => container.then_some(Fallback::Container),
    }
}

/// Predicates of which we know when they leave out a field.
const EMPTY: &[&str] =
    &["Option::is_none", "Vec::is_empty", "String::is_empty", "BTreeMap::is_empty"];

fn presence(attrs: &SerdeAttrs, ty: &Type) -> &'static str {
    let own = ["with", "serialize_with", "deserialize_with", "flatten", "getter"];
    if attrs.any(&own).is_some() {
        "Opaque"
    } else if let Some(opt) = attrs.get("skip_serializing_if") {
        let known = opt.text(&mut Errors::default()).is_some_and(|path| {
            EMPTY.iter().any(|known| path == *known || path.ends_with(&format!("::{known}")))
        });
        if known { "Skipped" } else { "Unsure" }
    } else if is_option(ty) {
        "Optional"
    } else if attrs.get("default").is_some() {
        "Defaulted"
    } else {
        "Always"
    }
}

fn is_option(ty: &Type) -> bool {
    option_of(ty).is_some()
}

/// The `T` of `Option<T>`.
fn option_of(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else { return None };
    match arguments.args.first() {
        Some(GenericArgument::Type(inner)) => Some(inner.clone()),
        _ => None,
    }
}
