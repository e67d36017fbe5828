//! Parses a JSON text into a `Document`, in one pass.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document::{Document, Node, Number};
use super::view::Object;

/// The maximum length of a text, in bytes. The callers of this module have much lower limits.
const MAX_LENGTH: usize = 1 << 24;

pub(super) fn read(bytes: &[u8]) -> Option<Document> {
    let text = str::from_utf8(bytes).ok()?;
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut document = Document::for_text_of(text.len());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Value(&mut document).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    let is_object = matches!(document.node(0), Some(Node::Object(_)));
    is_object.then_some(document)
}

/// The maximum number of members for which `is_distinct` compares all pairs of names on the stack.
/// For larger objects, `is_distinct` sorts the names.
const SMALL_OBJECT: usize = 24;

/// Returns true if each member name occurs only once in the object. Compares all pairs of names in
/// a small object. Sorts the names of a large object, because the number of pairs grows
/// quadratically and an attacker may have sent the object.
fn is_distinct(object: Object<'_>, members: usize) -> bool {
    if members > SMALL_OBJECT {
        let mut names: Vec<&str> = object.names().collect();
        names.sort_unstable();
        let pairs = names.iter().zip(names.iter().skip(1));
        return pairs.into_iter().all(|(one, next)| one != next);
    }
    let mut stack = [""; SMALL_OBJECT];
    for (place, name) in stack.iter_mut().zip(object.names()) {
        *place = name;
    }
    let mut names = stack.get(..members).unwrap_or_default();
    while let [name, others @ ..] = names {
        if others.contains(name) {
            return false;
        }
        names = others;
    }
    true
}

/// A visitor that adds one JSON value to the document.
struct Value<'a>(&'a mut Document);

impl Value<'_> {
    #[allow(clippy::unnecessary_wraps, reason = "the return type of a visitor")]
    fn add<E>(self, node: Node) -> Result<(), E> {
        self.0.add(node);
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("strict JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.add(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.add(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.add(Node::Number(Number::Negative(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.add(Node::Number(Number::Unsigned(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.add(Node::Number(Number::Float(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.0.add_text(value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let start = self.0.open();
        while members.next_element_seed(Value(self.0))?.is_some() {}
        self.0.close(start, Node::Array);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let start = self.0.open();
        let mut count = 0_usize;
        while let Some(is_number_marker) = members.next_key_seed(Name(self.0))? {
            let is_first = self.0.end() == start.saturating_add(2);
            if is_number_marker && is_first && *ARBITRARY_PRECISION {
                let number = number(&members.next_value::<String>()?)
                    .ok_or_else(|| de::Error::custom("not finite"))?;
                self.0.replace(start, Node::Number(number));
                return Ok(());
            }
            members.next_value_seed(Value(self.0))?;
            count = count.saturating_add(1);
        }
        self.0.close(start, Node::Object);
        if is_distinct(self.0.object_at(start), count) {
            Ok(())
        } else {
            Err(de::Error::custom("repeated member name"))
        }
    }
}

/// A visitor that adds the name of an object's member to the document.
struct Name<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    /// The result of the visit: true if the name is [`NUMBER_MARKER`].
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<bool, E> {
        self.0.add_text(name);
        Ok(name == NUMBER_MARKER)
    }
}

/// The member name that marks a number. If any crate in the build enables the feature
/// `arbitrary_precision` of `serde_json`, then `serde_json` passes each number as an object with
/// this one member. Without a check for this name, the parser would read every `exp` as an object.
pub(super) const NUMBER_MARKER: &str = "$serde_json::private::Number";

/// True if the feature `arbitrary_precision` of `serde_json` is enabled. If it is disabled,
/// [`NUMBER_MARKER`] is an ordinary member name.
pub(super) static ARBITRARY_PRECISION: LazyLock<bool> = LazyLock::new(|| {
    serde_json::from_str::<serde_json::Value>(r#"{"$serde_json::private::Number":"1"}"#)
        .is_ok_and(|value| value.is_number())
});

fn number(digits: &str) -> Option<Number> {
    let number: serde_json::Number = digits.parse().ok()?;
    number
        .as_u64()
        .map(Number::Unsigned)
        .or_else(|| number.as_i64().map(Number::Negative))
        .or_else(|| number.as_f64().filter(|value| value.is_finite()).map(Number::Float))
}
