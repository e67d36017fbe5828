//! Text to document, in one pass.

use std::fmt;
use std::sync::LazyLock;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::document::{Document, Node, Number};
use super::view::Object;

/// The longest text that is read, in bytes; whoever calls allows far less.
const LIMIT: usize = 1 << 24;

pub(super) fn read(bytes: &[u8]) -> Option<Document> {
    let text = str::from_utf8(bytes).ok()?;
    if text.len() > LIMIT {
        return None;
    }
    let mut document = Document::with_room_for(text.len());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Value(&mut document).deserialize(&mut deserializer).ok()?;
    deserializer.end().ok()?;
    let is_object = matches!(document.node(0), Some(Node::Object(_)));
    is_object.then_some(document)
}

/// With so many members an object is one of those that tokens are made of.
const FEW: usize = 24;

/// Whether no name is there twice. Of thousands, from a sender who is not known yet, not each can be
/// compared with each.
fn is_distinct(object: Object<'_>, members: usize) -> bool {
    if members > FEW {
        let mut names: Vec<&str> = object.names().collect();
        names.sort_unstable();
        let pairs = names.iter().zip(names.iter().skip(1));
        return pairs.into_iter().all(|(one, next)| one != next);
    }
    let mut few = [""; FEW];
    for (place, name) in few.iter_mut().zip(object.names()) {
        *place = name;
    }
    let mut names = few.get(..members).unwrap_or_default();
    while let [name, others @ ..] = names {
        if others.contains(name) {
            return false;
        }
        names = others;
    }
    true
}

/// Adds one value.
struct Value<'a>(&'a mut Document);

impl Value<'_> {
    #[allow(clippy::unnecessary_wraps, reason = "what a visitor returns")]
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
        while let Some(is_of_number) = members.next_key_seed(Name(self.0))? {
            let is_first = self.0.end() == start.saturating_add(2);
            if is_of_number && is_first && *ARBITRARY_PRECISION {
                let number = number(&members.next_value::<String>()?);
                let number = number.ok_or_else(|| de::Error::custom("not finite"))?;
                self.0.put(start, Node::Number(number));
                return Ok(());
            }
            members.next_value_seed(Value(self.0))?;
            count = count.saturating_add(1);
        }
        self.0.close(start, Node::Object);
        if is_distinct(self.0.inside(start), count) {
            Ok(())
        } else {
            Err(de::Error::custom("repeated member name"))
        }
    }
}

/// Adds the name of a member.
struct Name<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    /// Whether it is how a number may be handed over.
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
        Ok(name == NUMBER)
    }
}

/// How `serde_json` hands over a number when some crate in the build enabled its
/// `arbitrary_precision`. Unless it is read as one, that crate would turn every `exp` into an
/// object.
const NUMBER: &str = "$serde_json::private::Number";

/// Whether the feature is enabled; where it is not, the name means nothing.
static ARBITRARY_PRECISION: LazyLock<bool> = LazyLock::new(|| {
    let number =
        serde_json::from_str::<serde_json::Value>(r#"{"$serde_json::private::Number":"1"}"#);
    number.is_ok_and(|value| value.is_number())
});

fn number(digits: &str) -> Option<Number> {
    let number: serde_json::Number = digits.parse().ok()?;
    let unsigned = number.as_u64().map(Number::Unsigned);
    let whole = unsigned.or_else(|| number.as_i64().map(Number::Negative));
    let float = || number.as_f64().filter(|value| value.is_finite());
    whole.or_else(|| float().map(Number::Float))
}
