//! Scopes: the grammar of one scope-token, and the scopes of a token.

use crate::json::{Document, Item, Position, Text};

/// Returns true if `text` is one scope-token: `1*( %x21 / %x23-5B / %x5D-7E )` (RFC 6749 section
/// 3.3).
pub(crate) fn is_scope_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5B | 0x5D..=0x7E))
}

/// The scopes that a token grants. Each scope is stored as the position of its text in the document
/// that contains the token's claims. Scopes are compared as a whole and case-sensitively, and the
/// order of the scopes has no meaning (RFC 6749 section 3.3).
#[derive(Default)]
pub(crate) struct Scopes(Vec<Text>);

impl Scopes {
    /// Reads the claims with the scopes. Each claim is a string of values separated by spaces (RFC
    /// 8693 section 4.2) or an array of values, which some issuers use.
    ///
    /// Skips strings that are not scope-tokens. Returns `None` if a claim is neither a string nor an
    /// array of strings, because the token is then malformed.
    pub(crate) fn read(
        claims: &Document,
        positions: impl IntoIterator<Item = Position>,
    ) -> Option<Self> {
        let mut values = Vec::<Text>::new();
        for claim in positions {
            match claims.at(claim) {
                Item::String(_) => values.extend(claims.words(claims.text_at(claim)?)),
                Item::Array(array) => {
                    for value in array.positions() {
                        values.push(claims.text_at(value)?);
                    }
                }
                _ => return None,
            }
        }
        values.retain(|value| is_scope_token(claims.text(*value)));
        Some(Self(values))
    }

    pub(crate) fn iter<'a>(&self, claims: &'a Document) -> impl Iterator<Item = &'a str> {
        self.0.iter().map(|scope| claims.text(*scope))
    }

    /// Returns the size of the list on the heap, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.0.capacity().saturating_mul(size_of::<Text>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::ClaimPositions;

    fn scopes(claims: &str) -> Option<Vec<String>> {
        let claims = crate::json::object(claims.as_bytes()).unwrap();
        let scopes = Scopes::read(&claims, ClaimPositions::of(&claims).scopes())?;
        Some(scopes.iter(&claims).map(str::to_owned).collect())
    }

    #[test]
    fn scopes_are_read_from_a_string_or_an_array() {
        let cases: &[(&str, Option<&[&str]>)] = &[
            ("{}", Some(&[])),
            (r#"{"scope":""}"#, Some(&[])),
            (r#"{"scope":"a b"}"#, Some(&["a", "b"])),
            (r#"{"scope":" a  b "}"#, Some(&["a", "b"])),
            (r#"{"scope":"a,b"}"#, Some(&["a,b"])),
            (r#"{"scope":"a\tb"}"#, Some(&[])),
            (r#"{"scope":"a\nb c"}"#, Some(&["c"])),
            (r#"{"scope":"a\u00a0b"}"#, Some(&[])),
            (r#"{"scope":"a\"b"}"#, Some(&[])),
            (r#"{"scope":["a","b"]}"#, Some(&["a", "b"])),
            (r#"{"scope":["a b"]}"#, Some(&[])),
            (r#"{"scp":"a"}"#, Some(&["a"])),
            (r#"{"scp":["a"],"scope":"b"}"#, Some(&["b"])),
            (r#"{"scope":null}"#, Some(&[])),
            (r#"{"scope":null,"scp":["a"]}"#, Some(&["a"])),
            (r#"{"scope":7}"#, None),
            (r#"{"scope":["a",7]}"#, None),
            (r#"{"scope":{"a":true}}"#, None),
        ];
        for (claims, expected) in cases {
            let expected = expected.map(|values| values.iter().map(ToString::to_string).collect());
            assert_eq!(scopes(claims), expected, "{claims}");
        }
    }
}
