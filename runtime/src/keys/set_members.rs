//! Splits a JWK set into the texts of its members, so that a defect of one member does not affect
//! the other members.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

/// JSON texts of the values in the array `keys` of a JWK set.
pub(super) struct Members<'a>(Vec<&'a RawValue>);

impl<'a> Members<'a> {
    /// Returns `None` if the text is not a JSON object with exactly one array `keys`.
    pub(super) fn of(document: &'a [u8]) -> Option<Self> {
        serde_json::from_slice(document).ok()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|member| member.get())
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(SetVisitor)
    }
}

struct SetVisitor;

impl<'de> Visitor<'de> for SetVisitor {
    type Value = Members<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JWK set")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members = None;
        while let Some(name) = map.next_key::<Cow<'_, str>>()? {
            if name != "keys" {
                map.next_value::<IgnoredAny>()?;
            } else if members.replace(map.next_value()?).is_some() {
                // Two parsers could otherwise use different keys.
                return Err(Error::duplicate_field("keys"));
            }
        }
        members.map(Members).ok_or_else(|| Error::missing_field("keys"))
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
            assert_eq!(members, Some(*expected), "{text}");
        }
        for text in [
            "",
            "[]",
            "null",
            "{}",
            "[[]]",
            "[[{}]]",
            r#"{"keys":null}"#,
            r#"{"keys":{}}"#,
            r#"{"Keys":[]}"#,
            r#"{"keys":[],"keys":[]}"#,
            r#"{"keys":[],"\u006beys":[]}"#,
            r#"{"keys":[]} {}"#,
            r#"{"keys":["\x"]}"#,
            r#"{"keys":[1,]}"#,
            "{\"keys\":[]}\u{0}",
        ] {
            assert!(Members::of(text.as_bytes()).is_none(), "{text}");
        }
        assert!(Members::of(b"{\"keys\":[\"\xFF\"]}").is_none());
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
