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

/// A value, and the members of its objects that the type may lack.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    item: Item<'a>,
    ignored: Ignored,
}

/// The members of objects that a type may lack.
#[derive(Clone, Copy)]
enum Ignored {
    All,
    /// The members of the outermost object with these names, and all that is inside them.
    Only(&'static [&'static str]),
}

impl Ignored {
    /// Returns the rule for the value of a member.
    fn inside(self, name: &str) -> Self {
        match self {
            Self::Only(names) if !names.contains(&name) => Self::Only(&[]),
            _ => Self::All,
        }
    }
}

impl<'a> Reader<'a> {
    /// Creates a reader of an object that fails if the type lacks a member of the object or of an
    /// object inside it. The type may lack the members of the outermost object with these names.
    ///
    /// A type that keeps all members before it reads them, as serde's `flatten` and `tag` do, is not
    /// known to lack one.
    pub(crate) fn exact(object: Object<'a>, ignored: &'static [&'static str]) -> Self {
        Self { item: Item::Object(object), ignored: Ignored::Only(ignored) }
    }

    fn lenient(item: Item<'a>) -> Self {
        Self { item, ignored: Ignored::All }
    }

    fn members(self, object: Object<'a>) -> impl Iterator<Item = (Name<'a>, Self)> {
        object.members().map(move |(name, item)| {
            (Name(name), Self { item, ignored: self.ignored.inside(name) })
        })
    }

    fn elements(self) -> impl Fn(Item<'a>) -> Self {
        let ignored = match self.ignored {
            Ignored::All => Ignored::All,
            Ignored::Only(_) => Ignored::Only(&[]),
        };
        move |item| Self { item, ignored }
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.item {
            Item::Null => visitor.visit_unit(),
            Item::Bool(truth) => visitor.visit_bool(truth),
            Item::Number(Number::Unsigned(number)) => visitor.visit_u64(number),
            Item::Number(Number::Negative(number)) => visitor.visit_i64(number),
            Item::Number(Number::Float(number)) => visitor.visit_f64(number),
            Item::String(text) => visitor.visit_borrowed_str(text),
            Item::Array(array) => {
                let mut items = SeqDeserializer::new(array.items().map(self.elements()));
                let value = visitor.visit_seq(&mut items)?;
                items.end().map(|()| value)
            }
            Item::Object(object) => {
                let mut members = MapDeserializer::new(self.members(object));
                let value = visitor.visit_map(&mut members)?;
                members.end().map(|()| value)
            }
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.item {
            Item::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
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
        match self.item {
            Item::String(text) => {
                BorrowedStrDeserializer::new(text).deserialize_enum(name, variants, visitor)
            }
            Item::Object(object) if object.members().count() == 1 => {
                let member = MapDeserializer::new(self.members(object));
                MapAccessDeserializer::new(member).deserialize_enum(name, variants, visitor)
            }
            _ => self.deserialize_any(visitor),
        }
    }

    /// Reads a member that the type lacks.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.ignored {
            Ignored::All => self.deserialize_any(visitor),
            Ignored::Only(_) => Err(Mismatch::UNKNOWN),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Reader<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// Reads the value into a type that may lack members.
impl<'de> Deserializer<'de> for Item<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        Reader::lenient(self).deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        Reader::lenient(self).deserialize_option(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        Reader::lenient(self).deserialize_newtype_struct(name, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        Reader::lenient(self).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
