//! Strict JSON objects: what tokens, key sets and metadata are made of.
//!
//! One pass, one reading: a repeated member name is refused at every level (RFC 7515 section 5.2
//! step 4; RFC 7517 section 4 and RFC 7519 section 4 allow it), so that no two readers of one
//! document can disagree. Depth is bounded by `serde_json` at 128, size by the callers.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

pub(crate) type Object = Map<String, Value>;

/// Reads one complete JSON object in UTF-8, and nothing after it.
pub(crate) fn object(bytes: &[u8]) -> Result<Object, NotAnObject> {
    let mut deserializer = serde_json::Deserializer::from_slice(bytes);
    match Strict.deserialize(&mut deserializer) {
        Ok(Value::Object(object)) if deserializer.end().is_ok() => Ok(object),
        _ => Err(NotAnObject),
    }
}

/// The member at the end of a path of names.
pub(crate) fn member<'a>(object: &'a Object, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter()
        .try_fold(object.get(*first)?, |value, name| value.get(*name))
}

/// Not one JSON object with distinct member names. Carries no detail: the text is not ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NotAnObject;

struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: de::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

/// How `serde_json` hands over a number when some crate in the build enabled its
/// `arbitrary_precision`. Unless it is read as one, that crate would turn every `exp` into an
/// object.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether the feature is enabled; where it is not, the name means nothing.
static ARBITRARY_PRECISION: LazyLock<bool> = LazyLock::new(|| {
    let number = serde_json::from_str::<Value>(r#"{"$serde_json::private::Number":"1"}"#);
    number.is_ok_and(|value| value.is_number())
});

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("strict JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not finite"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(member) = members.next_element_seed(Self)? {
            array.push(member);
        }
        Ok(Value::Array(array))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if name == NUMBER && *ARBITRARY_PRECISION {
                let digits = members.next_value::<String>()?;
                return digits.parse().map(Value::Number).map_err(de::Error::custom);
            }
            let value = members.next_value_seed(Self)?;
            if object.insert(name, value).is_some() {
                return Err(de::Error::custom("repeated member name"));
            }
        }
        Ok(Value::Object(object))
    }
}

/// The bytes that an object takes, and at most a few more.
pub(crate) fn size(object: &Object) -> usize {
    // A node of the tree has room for 11 members and is at least half full, or the only one.
    const NODE: usize = 11 * (size_of::<String>() + size_of::<Value>()) + 128;
    let nodes = (object.len() / 5).saturating_add(1);
    let members = object
        .iter()
        .map(|(name, value)| name.len().saturating_add(more(value)));
    members.fold(nodes.saturating_mul(NODE), usize::saturating_add)
}

/// What a value takes besides itself.
fn more(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) => 0,
        Value::String(text) => text.capacity(),
        Value::Array(values) => {
            let slots = values.capacity().saturating_mul(size_of::<Value>());
            values.iter().map(more).fold(slots, usize::saturating_add)
        }
        Value::Object(object) => size(object),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_not_one_strict_object_is_refused() {
        let deep = format!("{{\"a\":{}1{}}}", "[".repeat(200), "]".repeat(200));
        let cases: &[&str] = &[
            "",
            "null",
            "[]",
            "\"a\"",
            "1",
            "{",
            "{}{}",
            "{} x",
            "{\"a\":1,}",
            "{'a':1}",
            "{a:1}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,\"\\u0061\":2}",
            "{\"a\":{\"b\":1,\"b\":2}}",
            "{\"a\":[{\"b\":1,\"b\":2}]}",
            "{\"a\":01}",
            "{\"a\":1e400}",
            "{\"a\":NaN}",
            "{\"a\":\"\\uDEAD\"}",
            "{\"a\":\"\t\"}",
            "\u{feff}{}",
            &deep,
        ];
        for case in cases {
            assert_eq!(object(case.as_bytes()), Err(NotAnObject), "{case:.60}");
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(NotAnObject));
        assert_eq!(
            object(b"{\"a\":\"\xc0\xaf\"}"),
            Err(NotAnObject),
            "overlong"
        );
    }

    #[test]
    fn an_object_reads_as_serde_json_reads_it() {
        let text = " {\"a\":[1,-2,1.5,true,null,\"\\u0061\",{\"b\":\"\u{1F600}\"}]} ";
        let expected: Value = serde_json::from_str(text).unwrap();
        assert_eq!(Value::Object(object(text.as_bytes()).unwrap()), expected);
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<i32>().prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 64, 16, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..16).prop_map(Value::from),
                prop::collection::btree_map(".{0,8}", inner, 0..16)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Read as a token's claims are, it takes no more than what is said.
        #[test]
        fn no_object_takes_more_than_its_size(
            members in prop::collection::btree_map(".{0,8}", value(), 0..40),
        ) {
            let text = Value::Object(members.into_iter().collect()).to_string();
            let mut read = None;
            let taken = allocation_counter::measure(|| read = object(text.as_bytes()).ok());
            let taken = usize::try_from(taken.bytes_current).unwrap();
            prop_assert!(taken <= size(&read.unwrap()), "{taken} bytes: {text}");
        }
    }
}
