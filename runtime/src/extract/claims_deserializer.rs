//! Deserializes the claims of a token into a type of the application. The errors distinguish a
//! token with the wrong claims from a Rust type that no token can be deserialized into.

use std::cell::Cell;

use serde::de::{DeserializeOwned, Deserializer, Visitor};

use crate::error::RefusalKind;
use crate::json::{Item, Mismatch, Object};

/// The reason why claims cannot be deserialized into a type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) kind: RefusalKind,
    /// The claim that the type requires and the token does not have, if this is the reason.
    pub(super) missing: Option<&'static str>,
}

pub(super) fn read<T: DeserializeOwned>(claims: Object<'_>) -> Result<T, Unreadable> {
    let requests_object = Cell::new(false);
    let root = Root { claims: Item::Object(claims), requests_object: &requests_object };
    T::deserialize(root).map_err(|Mismatch { missing, .. }| {
        let is_possible = requests_object.get();
        let kind =
            if is_possible { RefusalKind::UnexpectedClaims } else { RefusalKind::ClaimsType };
        Unreadable { kind, missing }
    })
}

/// A deserializer of the claims that records if the type requests an object. If the type requests
/// an object, an error means that the token has the wrong claims. If the type never requests an
/// object, no token can be deserialized into the type.
struct Root<'a> {
    claims: Item<'a>,
    requests_object: &'a Cell<bool>,
}

impl<'a> Root<'a> {
    fn object(self) -> Item<'a> {
        self.requests_object.set(true);
        self.claims
    }
}

macro_rules! types_of_other_values {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
            self.claims.deserialize_any(visitor)
        }
    )*};
}

type Name = &'static str;
type Names = &'static [&'static str];

impl<'de> Deserializer<'de> for Root<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.object().deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.object().deserialize_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: Name,
        fields: Names,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.object().deserialize_struct(name, fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: Name,
        variants: Names,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.object().deserialize_enum(name, variants, visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        self.object().deserialize_ignored_any(visitor)
    }

    /// Passes this deserializer to the only field of the newtype, which may request the object.
    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: Name,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: Name,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.claims.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.claims.deserialize_any(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: Name,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Self::Error> {
        self.claims.deserialize_any(visitor)
    }

    types_of_other_values! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_i128 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_u128 deserialize_f32 deserialize_f64 deserialize_char deserialize_str
        deserialize_string deserialize_bytes deserialize_byte_buf deserialize_unit deserialize_seq
        deserialize_identifier
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    #[derive(Deserialize, Debug, PartialEq)]
    struct Caller {
        sub: String,
        #[serde(default)]
        level: u8,
    }

    #[derive(Deserialize, Debug, PartialEq)]
    struct Wrapped(Caller);

    #[derive(Deserialize, Debug, PartialEq)]
    struct Flat {
        #[serde(flatten)]
        caller: Caller,
    }

    fn outcome<T: DeserializeOwned>(claims: &str) -> Result<(), RefusalKind> {
        let claims = crate::json::object(claims.as_bytes()).unwrap();
        read::<T>(claims.root()).map(|_| ()).map_err(|unreadable| unreadable.kind)
    }

    #[test]
    fn an_error_is_due_to_the_token_or_to_the_type() {
        use RefusalKind::{ClaimsType, UnexpectedClaims};
        let good = r#"{"sub":"a","level":3,"other":[]}"#;
        assert_eq!(outcome::<Caller>(good), Ok(()));
        assert_eq!(outcome::<Wrapped>(good), Ok(()));
        assert_eq!(outcome::<Flat>(good), Ok(()));
        assert_eq!(outcome::<Option<Caller>>(good), Ok(()));
        assert_eq!(outcome::<HashMap<String, Value>>(good), Ok(()));
        assert_eq!(outcome::<Value>(good), Ok(()));
        for bad in ["{}", r#"{"sub":7}"#, r#"{"sub":{}}"#, r#"{"sub":"a","level":300}"#] {
            assert_eq!(outcome::<Caller>(bad), Err(UnexpectedClaims), "{bad}");
            assert_eq!(outcome::<Wrapped>(bad), Err(UnexpectedClaims), "{bad}");
            assert_eq!(outcome::<Flat>(bad), Err(UnexpectedClaims), "{bad}");
        }
        assert_eq!(outcome::<String>(good), Err(ClaimsType));
        assert_eq!(outcome::<Vec<String>>(good), Err(ClaimsType));
        assert_eq!(outcome::<(String, u8)>(good), Err(ClaimsType));
        assert_eq!(outcome::<u64>(good), Err(ClaimsType));
    }
}
