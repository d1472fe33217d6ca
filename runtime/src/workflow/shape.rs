//! How the JSON of a `#[data]` type names its fields and variants, for exported expressions.

use super::{Look, error::same};
use serde_json::Value;

/// A type whose JSON names are known: every `#[data]` type.
#[diagnostic::on_unimplemented(
    message = "the JSON names of `{Self}`'s fields are not known, so this can't be exported",
    label = "not a `#[data]` type",
    note = "mark the type with `#[data]`, or the workflow with `#[workflow(export = false)]`"
)]
pub trait Fields {
    /// Its names.
    const SHAPE: Shape;
}

/// How a type looks in JSON.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// An object with these fields.
    Struct(&'static [Field]),
    /// The only field's JSON: a newtype, or `#[serde(transparent)]`.
    Newtype(Later),
    /// An array of these.
    Tuple(&'static [Later]),
    /// `null`.
    Unit,
    /// An enum.
    Enum(Tagging, &'static [Variant]),
    /// Something that only serde knows: `#[serde(from = "..", into = "..")]` or a type of its own
    /// serialisation.
    Opaque,
}

/// A field of a struct or variant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Field {
    /// Its name in the source.
    pub rust: &'static str,
    /// Its name in JSON.
    pub json: &'static str,
    /// Other names that an input may give it (`alias`).
    pub aliases: &'static [&'static str],
    /// How its own JSON looks.
    pub look: Later,
    /// Whether it is there.
    pub presence: Presence,
    /// What it is where an input lacks it.
    pub default: Option<Fallback>,
}

/// How a part's JSON looks, asked for when it is needed: a type may hold itself.
#[derive(Debug, Clone, Copy)]
pub struct Later(pub fn() -> Look);

impl PartialEq for Later {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl Later {
    /// A part of which only serde knows.
    pub const OPAQUE: Self = Self(|| Look::Opaque);
}

/// Gives the JSON of a field's default.
#[derive(Debug, Clone, Copy)]
pub struct Fallback(pub fn() -> Value);

impl PartialEq for Fallback {
    fn eq(&self, other: &Self) -> bool {
        (self.0)() == (other.0)()
    }
}

/// Whether a field is there in canonical JSON, and in inputs that deserialise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Always,
    /// In canonical JSON; an input may lack it (`default`).
    Defaulted,
    /// An `Option`: an input may lack it, canonical JSON has it as `null`.
    Optional,
    /// Canonical JSON lacks it where it is `null` or empty (`skip_serializing_if`).
    Skipped,
    /// Canonical JSON may lack it, and only serde knows when.
    Unsure,
    /// Its JSON is not that of its type (`with`, `serialize_with`), or it is flattened or never
    /// written: an exported expression can't read it.
    Opaque,
}

/// How an enum says which variant it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tagging {
    /// `"V"` or `{"V": ..}`.
    External,
    /// `{"tag": "V", ..}`.
    Internal {
        /// Name of the tag.
        tag: &'static str,
    },
    /// `{"tag": "V", "content": ..}`.
    Adjacent {
        /// Name of the tag.
        tag: &'static str,
        /// Name of the content.
        content: &'static str,
    },
}

/// A variant of an enum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Variant {
    /// Its name in the source.
    pub rust: &'static str,
    /// Its name in JSON.
    pub json: &'static str,
    /// What it holds.
    pub shape: Shape,
}

/// Whether the JSON of a type is known to have a member of this name. For checks at compile time.
pub const fn has_member(look: &Look, name: &str) -> bool {
    match look {
        Look::Newtype(inner) => has_member(inner, name),
        Look::Data(_, Shape::Struct(fields)) => {
            let mut rest = *fields;
            while let [first, others @ ..] = rest {
                if same(first.json, name) {
                    return true;
                }
                rest = others;
            }
            false
        }
        Look::Data(_, Shape::Enum(Tagging::Internal { tag }, _)) => same(tag, name),
        Look::Data(_, Shape::Enum(Tagging::Adjacent { tag, content }, _)) => {
            same(tag, name) || same(content, name)
        }
        _ => false,
    }
}

impl Shape {
    /// The fields by name, of a struct.
    pub const fn fields(&self) -> &'static [Field] {
        match self {
            Self::Struct(fields) => fields,
            _ => &[],
        }
    }

    /// How the values directly in it look.
    pub fn parts(&self) -> Vec<Look> {
        match self {
            Self::Struct(fields) => fields.iter().map(|field| (field.look.0)()).collect(),
            Self::Newtype(inner) => vec![(inner.0)()],
            Self::Tuple(parts) => parts.iter().map(|part| (part.0)()).collect(),
            Self::Enum(_, variants) => {
                variants.iter().flat_map(|variant| variant.shape.parts()).collect()
            }
            Self::Unit => Vec::new(),
            Self::Opaque => vec![Look::Opaque],
        }
    }

    /// The field of this name in the source.
    pub fn field(&self, rust: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.rust == rust)
    }

    /// The variant of this name in the source, with the enum's tagging.
    pub fn variant(&self, rust: &str) -> Option<(Tagging, &'static Variant)> {
        match self {
            Self::Enum(tagging, variants) => {
                variants.iter().find(|variant| variant.rust == rust).map(|found| (*tagging, found))
            }
            _ => None,
        }
    }
}
