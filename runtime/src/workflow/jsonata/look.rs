//! What the JSON of a type looks like, as far as an expression must know.

use crate::{
    program::Failure,
    workflow::{Field, Later, Presence, Shape},
};
use indexmap::IndexMap;
use jiff::Timestamp;
use std::{
    any::TypeId,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
    sync::Arc,
    time::Duration,
};

/// A type that exported expressions can work with: standard data and `#[data]` types.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no exported form",
    label = "expressions over this type can't be exported",
    note = "mark the type with `#[data]`, move this into a `#[task]`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Json {
    /// How its JSON looks.
    const LOOK: Look;
}

/// A type whose JSON is never `null`, by value or by reference.
pub trait Present {}

/// An `Option` inside an expression: its `None` is told from what it holds.
#[diagnostic::on_unimplemented(
    message = "an `Option` of what may be null itself can't be told apart from nothing in an exported workflow",
    label = "this makes an `{Self}`, whose `Some` may be null in JSON",
    note = "match on the value itself, a list's item after checking `len()`, or mark the workflow `#[workflow(export = false)]`"
)]
pub trait Told {}

#[diagnostic::do_not_recommend]
impl<T: Present> Told for Option<T> {}

/// How the JSON of a type looks.
#[derive(Debug, Clone, Copy)]
pub enum Look {
    /// `null`.
    Unit,
    /// `true` or `false`.
    Bool,
    /// A whole number of at most 15 digits.
    Integer,
    /// A whole number that may have more.
    Long,
    /// A number.
    Float,
    /// A string.
    Text,
    /// An array of any length, of these.
    List(&'static Self),
    /// An array of fixed length.
    Tuple(&'static [Self]),
    /// An object with keys of its own and these values.
    Map(&'static Self),
    /// `null` or the value.
    Optional(&'static Self),
    /// `{"Ok": ..}` or `{"Err": ..}`.
    Outcome(&'static Self, &'static Self),
    /// A `#[data]` type: which one, and its shape.
    Data(TypeId, Shape),
    /// A `#[data]` type with one unnamed field, whose JSON it has.
    Newtype(&'static Self),
    /// Something that only serde knows.
    Opaque,
}

impl Look {
    /// Whether its JSON is an array.
    pub(super) fn is_array(&self) -> bool {
        match self {
            Self::List(_) | Self::Tuple(_) | Self::Data(_, Shape::Tuple(_)) => true,
            Self::Newtype(inner) | Self::Optional(inner) => inner.is_array(),
            _ => false,
        }
    }

    /// How the values directly in it look.
    fn parts(&self) -> Vec<Self> {
        match self {
            Self::Optional(inner) | Self::Newtype(inner) | Self::List(inner) | Self::Map(inner) => {
                vec![**inner]
            }
            Self::Tuple(parts) => parts.to_vec(),
            Self::Outcome(ok, err) => vec![**ok, **err],
            Self::Data(_, shape) => shape.parts(),
            _ => Vec::new(),
        }
    }

    /// Whether it, or a value at any depth in it, is what is sought. Where `is_sought` knows, it is
    /// not asked about what lies deeper.
    pub(super) fn reaches(&self, is_sought: &dyn Fn(&Self) -> Option<bool>) -> bool {
        let (mut open, mut seen) = (vec![*self], Vec::new());
        while let Some(look) = open.pop() {
            if let Self::Data(id, _) = &look {
                if seen.contains(id) {
                    continue;
                }
                seen.push(*id);
            }
            match is_sought(&look) {
                Some(true) => return true,
                Some(false) => {}
                None => open.extend(look.parts()),
            }
        }
        false
    }
}

macro_rules! looks {
    ($($look:expr => $($ty:ty)*;)*) => {
        $($(impl Json for $ty { const LOOK: Look = $look; })*)*
    };
}

looks! {
    Look::Unit => ();
    Look::Bool => bool;
    Look::Integer => i8 i16 i32 u8 u16 u32;
    Look::Long => i64 isize u64 usize;
    Look::Float => f32 f64;
    Look::Text => str String char Timestamp;
    Look::Opaque => Duration;
}

macro_rules! present {
    (@one ($($generics:tt)*) $ty:ty) => {
        #[diagnostic::do_not_recommend]
        impl<$($generics)*> Present for $ty {}
    };
    (@each $generics:tt $($ty:ty)*) => { $(present!(@one $generics $ty);)* };
    ($(($($generics:tt)*) $($ty:ty)*;)*) => { $(present!(@each ($($generics)*) $($ty)*);)* };
}

present! {
    () bool f32 f64 str String char Timestamp Duration Failure;
    () i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize;
    (T: Present + ?Sized) &T &mut T Box<T> Rc<T> Arc<T>;
    (T) Vec<T> [T] BTreeSet<T>;
    (T, const N: usize) [T; N];
    (K, V) BTreeMap<K, V> IndexMap<K, V>;
    (T, E) Result<T, E>;
}

const fn text(name: &'static str) -> Field {
    Field {
        rust: name,
        json: name,
        aliases: &[],
        look: Later(|| Look::Optional(&Look::Text)),
        presence: Presence::Optional,
        default: None,
    }
}

impl Json for Failure {
    const LOOK: Look =
        Look::Data(TypeId::of::<Self>(), Shape::Struct(&[text("error"), text("cause")]));
}

macro_rules! through {
    ($($ty:ty)*) => {
        $(impl<T: Json + ?Sized> Json for $ty { const LOOK: Look = T::LOOK; })*
    };
}

through!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: Json> Json for Option<T> {
    const LOOK: Look = Look::Optional(&T::LOOK);
}

impl<T: Json, E: Json> Json for Result<T, E> {
    const LOOK: Look = Look::Outcome(&T::LOOK, &E::LOOK);
}

impl<T: Json> Json for Vec<T> {
    const LOOK: Look = Look::List(&T::LOOK);
}

impl<T: Json> Json for [T] {
    const LOOK: Look = Look::List(&T::LOOK);
}

impl<T: Json, const N: usize> Json for [T; N] {
    const LOOK: Look = Look::List(&T::LOOK);
}

impl<T: Json> Json for BTreeSet<T> {
    const LOOK: Look = Look::List(&T::LOOK);
}

impl<K, V: Json> Json for BTreeMap<K, V> {
    const LOOK: Look = Look::Map(&V::LOOK);
}

macro_rules! tuples {
    ($(($($name:ident)*))*) => {
        $(#[diagnostic::do_not_recommend]
        impl<$($name),*> Present for ($($name,)*) {}
        impl<$($name: Json),*> Json for ($($name,)*) {
            const LOOK: Look = Look::Tuple(&[$($name::LOOK),*]);
        })*
    };
}

tuples!((A) (A B) (A B C) (A B C D) (A B C D E) (A B C D E F) (A B C D E F G) (A B C D E F G H));
