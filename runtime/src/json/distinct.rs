//! Reads a value of a configuration file in any format. A repeated member name is an error.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::strict::{ARBITRARY_PRECISION, NUMBER_MARKER};

/// The longest member name that an error shows. A longer name may be a secret.
const SHOWN_LENGTH: usize = 24;

/// A value whose objects have distinct member names.
pub(crate) struct Distinct(pub(crate) Value);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Distinct(value)) = members.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Distinct(value))) = members.next_entry::<String, _>()? {
            if object.contains_key(&name) {
                return Err(repeated(&name));
            }
            object.insert(name, value);
        }
        Ok(number(&object).unwrap_or(Value::Object(object)))
    }
}

fn repeated<E: Error>(name: &str) -> E {
    if name.len() > SHOWN_LENGTH {
        return E::custom("a field is set twice");
    }
    E::custom(format_args!("`{name}` is set twice"))
}

/// Returns the number that `serde_json` passes as an object.
fn number(object: &Map<String, Value>) -> Option<Value> {
    let digits = object.get(NUMBER_MARKER).filter(|_| *ARBITRARY_PRECISION)?;
    digits.as_str()?.parse().ok().map(Value::Number)
}
