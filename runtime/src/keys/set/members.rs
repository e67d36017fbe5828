//! Splits a JWK set into the texts of its members, so that a defect of one member does not affect
//! the other members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::error::Malformation;
use crate::json;

/// JSON texts of the values in the array `keys` of a JWK set.
#[derive(Debug)]
pub(super) struct Members<'a>(Vec<&'a RawValue>);

impl<'a> Members<'a> {
    /// Returns an error if the text is not a JSON object with exactly one array `keys`.
    pub(super) fn of(document: &'a [u8]) -> Result<Self, Malformation> {
        let outline: Outline<'_> =
            serde_json::from_slice(document).map_err(|error| malformation(document, &error))?;
        match outline.keys.as_slice() {
            [] if outline.has_kty => Err(Malformation::SingleKey),
            [] => Err(Malformation::NoKeys),
            [keys] => serde_json::from_str(keys.get())
                .map(Members)
                .map_err(|_| Malformation::KeysNotArray),
            _ => Err(Malformation::KeysTwice),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|member| member.get())
    }
}

/// Returns the reason why a document could not be parsed as an object.
fn malformation(document: &[u8], error: &serde_json::Error) -> Malformation {
    if json::has_byte_order_mark(document) {
        Malformation::ByteOrderMark
    } else if str::from_utf8(document).is_err() {
        Malformation::NotUtf8
    } else if error.is_data() {
        Malformation::NotObject
    } else {
        Malformation::NotJson
    }
}

/// Members of an object that tell what it is.
#[derive(Default)]
struct Outline<'a> {
    /// Values of the members named `keys`, at most two.
    keys: Vec<&'a RawValue>,
    has_kty: bool,
}

impl<'de> Deserialize<'de> for Outline<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(OutlineVisitor)
    }
}

struct OutlineVisitor;

impl<'de> Visitor<'de> for OutlineVisitor {
    type Value = Outline<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JWK set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Outline<'de>, A::Error> {
        let mut outline = Outline::default();
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name == "keys" && outline.keys.len() < 2 {
                outline.keys.push(map.next_value()?);
            } else {
                outline.has_kty |= name == "kty";
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(outline)
    }
}

/// Returns the `kid` of a member that is not strict JSON, for the log. Returns `None` if the `kid`
/// cannot be read.
pub(super) fn kid_of_malformed(member: &str) -> Option<String> {
    #[derive(serde::Deserialize)]
    struct Named {
        kid: String,
    }
    let is_object = member.starts_with('{');
    let named: Option<Named> = is_object.then(|| serde_json::from_str(member).ok()).flatten();
    named.map(|named| named.kid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::set::error::Malformation::{
        ByteOrderMark, KeysNotArray, KeysTwice, NoKeys, NotJson, NotObject, NotUtf8, SingleKey,
    };

    #[test]
    fn only_an_object_with_one_array_of_keys_is_a_set() {
        let deep =
            format!(r#"{{"x":{0}1{1},"keys":[{0}1{1}]}}"#, "[".repeat(1000), "]".repeat(1000));
        let sets: &[(&str, usize)] = &[
            (r#"{"keys":[]}"#, 0),
            (r#" {"keys":[{} , [7], null, "\ud800", 1e999, {"a":1,"a":2}]} "#, 6),
            (r#"{"x":1,"\u006beys":[1],"x":2}"#, 1),
            (&deep, 1),
        ];
        for (text, expected) in sets {
            let members = Members::of(text.as_bytes()).map(|members| members.len());
            assert_eq!(members, Ok(*expected), "{text}");
        }
    }

    #[test]
    fn a_document_that_is_not_a_set_has_a_reason() {
        let malformed: &[(&[u8], Malformation)] = &[
            (b"", NotJson),
            (b"[]", NotObject),
            (b"null", NotObject),
            (b"{}", NoKeys),
            (b"[[]]", NotObject),
            (b"[[{}]]", NotObject),
            (br#"{"keys":null}"#, KeysNotArray),
            (br#"{"keys":{}}"#, KeysNotArray),
            (br#"{"Keys":[]}"#, NoKeys),
            (br#"{"kty":"EC","x":"s3cr3t"}"#, SingleKey),
            (br#"{"keys":[],"keys":[]}"#, KeysTwice),
            (br#"{"keys":[],"keys":[],"keys":[]}"#, KeysTwice),
            (br#"{"keys":[],"\u006beys":[]}"#, KeysTwice),
            (br#"{"keys":[]} {}"#, NotJson),
            (br#"{"keys":[{"kty":"#, NotJson),
            (br#"{"keys":["\x"]}"#, NotJson),
            (br#"{"keys":[1,]}"#, NotJson),
            (b"{\"keys\":[]}\0", NotJson),
            (b"{\"keys\":[\"\xFF\"]}", NotUtf8),
            (b"\xFF\xFE{\0", NotUtf8),
            (b"\xEF\xBB\xBF{\"keys\":[]}", ByteOrderMark),
        ];
        for (document, expected) in malformed {
            let text = String::from_utf8_lossy(document);
            assert_eq!(Members::of(document).unwrap_err(), *expected, "{text}");
        }
    }

    #[test]
    fn a_malformed_member_is_named_where_its_kid_is_readable() {
        let cases = [
            (r#"{"kid":"a","x":1,"x":2}"#, Some("a")),
            (r#"{"kid":"a","kid":"b"}"#, None),
            (r#"{"kid":7}"#, None),
            (r#"["a"]"#, None),
            ("7", None),
        ];
        for (member, expected) in cases {
            assert_eq!(kid_of_malformed(member).as_deref(), expected, "{member}");
        }
    }
}
