//! Deserializes the name of an object's member into the key of a Rust map: a string, a number or a
//! boolean.

use std::str::FromStr;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{self, Deserializer, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::mismatch::Mismatch;

#[derive(Clone, Copy)]
pub(super) struct Name<'a>(pub(super) &'a str);

impl Name<'_> {
    /// Parses the name as a `T`. Accepts only one spelling of each value, for example `1` but not
    /// `01`, so that two different names never become the same key.
    fn read<T: FromStr + ToString>(self, expected: &str) -> Result<T, Mismatch> {
        self.0
            .parse()
            .ok()
            .filter(|value: &T| value.to_string() == self.0)
            .ok_or_else(|| de::Error::invalid_value(Unexpected::Other("a name"), &expected))
    }
}

macro_rules! values {
    ($($method:ident $visit:ident $expected:literal)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
            visitor.$visit(self.read($expected)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Name<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.0)
    }

    values! {
        deserialize_bool visit_bool "a boolean"
        deserialize_i8 visit_i8 "a number"
        deserialize_i16 visit_i16 "a number"
        deserialize_i32 visit_i32 "a number"
        deserialize_i64 visit_i64 "a number"
        deserialize_i128 visit_i128 "a number"
        deserialize_u8 visit_u8 "a number"
        deserialize_u16 visit_u16 "a number"
        deserialize_u32 visit_u32 "a number"
        deserialize_u64 visit_u64 "a number"
        deserialize_u128 visit_u128 "a number"
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Mismatch> {
        BorrowedStrDeserializer::new(self.0).deserialize_enum(name, variants, visitor)
    }

    forward_to_deserialize_any! {
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, Mismatch> for Name<'de> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}
