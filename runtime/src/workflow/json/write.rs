//! A serializer to JSON values that refuses what JSON has not.

use super::{LARGEST, Numbers, Refused};
use serde::ser::{
    Error, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct,
    SerializeStructVariant, SerializeTuple, SerializeTupleStruct, SerializeTupleVariant,
    Serializer,
};
use serde_json::{Map, Number, Value};
use std::fmt::Display;

impl Error for Refused {
    fn custom<T: Display>(problem: T) -> Self {
        Self::new(problem.to_string())
    }
}

/// [`LARGEST`] as a float.
const EXACT: f64 = 9_007_199_254_740_991.0;

/// The number of the fewest digits that is read as this one, as JSON texts have it: 0.1 of `0.1_f32`.
fn shortest(value: f32) -> f64 {
    match value.to_string().parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, reason = "as it is read again")]
        Ok(short) if (short as f32).to_bits() == value.to_bits() => short,
        _ => f64::from(value),
    }
}

/// An integer beyond the exact ones.
pub(super) fn too_large(number: impl Display) -> Refused {
    Refused::new(format!("{number} is beyond ±(2^53 - 1), where JSON numbers stop being exact"))
}

/// Writes one value.
#[derive(Clone, Copy)]
pub(super) struct Writer {
    pub(super) numbers: Numbers,
}

impl Writer {
    fn integer(self, value: i128) -> Result<Value, Refused> {
        let is_exact = value.unsigned_abs() <= u128::from(LARGEST.unsigned_abs());
        if self.numbers == Numbers::Portable && !is_exact {
            return Err(too_large(value));
        }
        match Number::from_i128(value) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(Refused::new(format!("{value} does not fit into 64 bits"))),
        }
    }

    fn items(self, length: Option<usize>) -> Items {
        Items { writer: self, variant: None, list: Vec::with_capacity(length.unwrap_or_default()) }
    }

    fn members(self) -> Members {
        Members { writer: self, variant: None, map: Map::new(), key: None }
    }
}

fn tagged(variant: Option<&'static str>, value: Value) -> Value {
    match variant {
        Some(variant) => Value::Object(Map::from_iter([(variant.to_owned(), value)])),
        None => value,
    }
}

macro_rules! integers {
    ($($method:ident $type:ty)*) => {$(
        fn $method(self, value: $type) -> Result<Value, Refused> {
            self.integer(i128::from(value))
        }
    )*};
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = Refused;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Items;
    type SerializeTupleVariant = Items;
    type SerializeMap = Members;
    type SerializeStruct = Members;
    type SerializeStructVariant = Members;

    integers! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64
    }

    fn serialize_i128(self, value: i128) -> Result<Value, Refused> {
        self.integer(value)
    }

    fn serialize_u128(self, value: u128) -> Result<Value, Refused> {
        match i128::try_from(value) {
            Ok(value) => self.integer(value),
            Err(_) => Err(too_large(value)),
        }
    }

    fn serialize_f32(self, value: f32) -> Result<Value, Refused> {
        self.serialize_f64(shortest(value))
    }

    fn serialize_f64(self, value: f64) -> Result<Value, Refused> {
        // whole numbers have one form, as JSON texts and expressions have it
        #[expect(clippy::cast_possible_truncation, reason = "in the range of exact integers")]
        if value.trunc().to_bits() == value.to_bits() && value.abs() <= EXACT {
            return Ok((value as i64).into());
        }
        match Number::from_f64(value) {
            Some(number) => Ok(Value::Number(number)),
            None => Err(Refused::new(format!("{value} is no JSON number"))),
        }
    }

    fn serialize_bool(self, value: bool) -> Result<Value, Refused> {
        Ok(Value::Bool(value))
    }

    fn serialize_char(self, value: char) -> Result<Value, Refused> {
        Ok(Value::String(value.to_string()))
    }

    fn serialize_str(self, value: &str) -> Result<Value, Refused> {
        Ok(Value::String(value.to_owned()))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Value, Refused> {
        Ok(Value::Array(value.iter().map(|&byte| byte.into()).collect()))
    }

    fn serialize_none(self) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, Refused> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Value, Refused> {
        Ok(Value::Null)
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Value, Refused> {
        Ok(Value::String(variant.to_owned()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<Value, Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Value, Refused> {
        let value = value.serialize(self).map_err(|refused| refused.within(variant))?;
        Ok(tagged(Some(variant), value))
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Items, Refused> {
        Ok(self.items(length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Items, Refused> {
        Ok(self.items(Some(length)))
    }

    fn serialize_tuple_struct(self, _name: &'static str, length: usize) -> Result<Items, Refused> {
        Ok(self.items(Some(length)))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items, Refused> {
        Ok(Items { variant: Some(variant), ..self.items(Some(length)) })
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Members, Refused> {
        Ok(self.members())
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Members, Refused> {
        Ok(self.members())
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _length: usize,
    ) -> Result<Members, Refused> {
        Ok(Members { variant: Some(variant), ..self.members() })
    }
}

/// Writes an array.
pub(super) struct Items {
    writer: Writer,
    variant: Option<&'static str>,
    list: Vec<Value>,
}

impl Items {
    fn push<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let at = self.list.len();
        let value = value.serialize(self.writer).map_err(|refused| {
            let refused = refused.within(&format!("[{at}]"));
            self.variant.map(|variant| refused.clone().within(variant)).unwrap_or(refused)
        })?;
        self.list.push(value);
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::Array(self.list))
    }
}

/// Writes an object.
pub(super) struct Members {
    writer: Writer,
    variant: Option<&'static str>,
    map: Map<String, Value>,
    key: Option<String>,
}

impl Members {
    fn insert<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result<(), Refused> {
        let value = value.serialize(self.writer).map_err(|refused| {
            let refused = refused.within(key);
            self.variant.map(|variant| refused.clone().within(variant)).unwrap_or(refused)
        })?;
        self.map.insert(key.to_owned(), value);
        Ok(())
    }

    fn finish(self) -> Value {
        tagged(self.variant, Value::Object(self.map))
    }
}

macro_rules! sequences {
    ($($trait:ident $method:ident)*) => {$(
        impl $trait for Items {
            type Ok = Value;
            type Error = Refused;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
                self.push(value)
            }

            fn end(self) -> Result<Value, Refused> {
                Ok(self.finish())
            }
        }
    )*};
}

sequences! {
    SerializeSeq serialize_element SerializeTuple serialize_element
    SerializeTupleStruct serialize_field SerializeTupleVariant serialize_field
}

macro_rules! structs {
    ($($trait:ident)*) => {$(
        impl $trait for Members {
            type Ok = Value;
            type Error = Refused;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), Refused> {
                self.insert(name, value)
            }

            fn end(self) -> Result<Value, Refused> {
                Ok(self.finish())
            }
        }
    )*};
}

structs!(SerializeStruct SerializeStructVariant);

impl SerializeMap for Members {
    type Ok = Value;
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Refused> {
        self.key = Some(key.serialize(KeyWriter)?);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        let key = self.key.take().ok_or_else(|| Refused::new("a map's value has no key"))?;
        self.insert(&key, value)
    }

    fn end(self) -> Result<Value, Refused> {
        Ok(self.finish())
    }
}

/// Writes the key of a map: text, or a number as text.
struct KeyWriter;

fn no_key<T>() -> Result<T, Refused> {
    Err(Refused::new("a map's key must be text, a number or a variant without data"))
}

macro_rules! keys {
    ($($method:ident $type:ty)*) => {$(
        fn $method(self, value: $type) -> Result<String, Refused> {
            Ok(value.to_string())
        }
    )*};
}

impl Serializer for KeyWriter {
    type Ok = String;
    type Error = Refused;
    type SerializeSeq = Impossible<String, Refused>;
    type SerializeTuple = Impossible<String, Refused>;
    type SerializeTupleStruct = Impossible<String, Refused>;
    type SerializeTupleVariant = Impossible<String, Refused>;
    type SerializeMap = Impossible<String, Refused>;
    type SerializeStruct = Impossible<String, Refused>;
    type SerializeStructVariant = Impossible<String, Refused>;

    keys! {
        serialize_i8 i8 serialize_i16 i16 serialize_i32 i32 serialize_i64 i64 serialize_i128 i128
        serialize_u8 u8 serialize_u16 u16 serialize_u32 u32 serialize_u64 u64 serialize_u128 u128
        serialize_bool bool serialize_char char serialize_str &str
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<String, Refused> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<String, Refused> {
        value.serialize(self)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _value: &T) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_f32(self, _value: f32) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_f64(self, _value: f64) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_bytes(self, _value: &[u8]) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_none(self) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_unit(self) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result<String, Refused> {
        no_key()
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Self::SerializeSeq, Refused> {
        no_key()
    }

    fn serialize_tuple(self, _length: usize) -> Result<Self::SerializeTuple, Refused> {
        no_key()
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, Refused> {
        no_key()
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, Refused> {
        no_key()
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, Refused> {
        no_key()
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStruct, Refused> {
        no_key()
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, Refused> {
        no_key()
    }
}
