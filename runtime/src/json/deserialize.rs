//! Implements serde's `Deserializer` for the values of a `Document`.

use serde::de::value::{
    BorrowedStrDeserializer, MapAccessDeserializer, MapDeserializer, SeqDeserializer,
};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::document::Number;
use super::mismatch::Mismatch;
use super::name::Name;
use super::view::{Item, Object};

fn members(object: Object<'_>) -> impl Iterator<Item = (Name<'_>, Item<'_>)> {
    object.members().map(|(name, value)| (Name(name), value))
}

impl<'de> Deserializer<'de> for Item<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Self::Null => visitor.visit_unit(),
            Self::Bool(truth) => visitor.visit_bool(truth),
            Self::Number(Number::Unsigned(number)) => visitor.visit_u64(number),
            Self::Number(Number::Negative(number)) => visitor.visit_i64(number),
            Self::Number(Number::Float(number)) => visitor.visit_f64(number),
            Self::String(text) => visitor.visit_borrowed_str(text),
            Self::Array(array) => {
                let mut items = SeqDeserializer::new(array.items());
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Self::Object(object) => {
                let mut members = MapDeserializer::new(members(object));
                let value = visitor.visit_map(&mut members)?;
                members.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    /// Accepts a string with the name of a variant, or an object whose only member is named like a
    /// variant (serde's external tagging).
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        match self {
            Self::String(text) => {
                BorrowedStrDeserializer::new(text).deserialize_enum(name, variants, visitor)
            }
            Self::Object(object) if object.members().count() == 1 => {
                let member = MapDeserializer::new(members(object));
                MapAccessDeserializer::new(member).deserialize_enum(name, variants, visitor)
            }
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Item<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
