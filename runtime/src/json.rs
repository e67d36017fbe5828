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

#[cfg(test)]
mod tests {
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
}
