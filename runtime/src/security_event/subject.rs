//! The subject identifier of an event (RFC 9493).

use super::rule::Rule;
use crate::json::{Item, Object};

/// Tokens that a subject identifier names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject<'a> {
    /// A user of an issuer (`iss_sub`).
    User { issuer: &'a str, subject: &'a str },
    /// An identifier that the transmitter chose (`opaque`).
    Opaque(&'a str),
    /// One token (`jwt_id`).
    Token { issuer: &'a str, id: &'a str },
    /// Several identifiers, all of which match (`complex`). Those of the user and of the session are
    /// the only ones that tokens show.
    Complex { user: Option<Part<'a>>, session: Option<Part<'a>> },
    /// A format that no claim of a token corresponds to, such as `email`, or an unknown format.
    Other,
}

/// A member of a complex subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'a> {
    User { issuer: &'a str, subject: &'a str },
    Opaque(&'a str),
    Token { issuer: &'a str, id: &'a str },
    Other,
}

impl<'a> Subject<'a> {
    /// Reads a subject identifier. A known format without its members is malformed.
    ///
    /// Transmitters that implement drafts leave the `format` of a complex subject out, and write
    /// `jwt-id` and `subject_type`.
    pub(super) fn read(subject: Object<'a>) -> Result<Self, Rule> {
        match format(subject)? {
            Some("complex") => Self::complex(subject),
            None if ["user", "session", "device", "tenant"]
                .iter()
                .any(|one| subject.contains(one)) =>
            {
                Self::complex(subject)
            }
            None => Err(Rule::SubjectMalformed),
            Some(format) => Ok(match Part::read(subject, format)? {
                Part::User { issuer, subject } => Self::User { issuer, subject },
                Part::Opaque(id) => Self::Opaque(id),
                Part::Token { issuer, id } => Self::Token { issuer, id },
                Part::Other => Self::Other,
            }),
        }
    }

    fn complex(subject: Object<'a>) -> Result<Self, Rule> {
        let part = |name: &str| subject.get(name).map(Part::member).transpose();
        Ok(Self::Complex { user: part("user")?, session: part("session")? })
    }
}

impl<'a> Part<'a> {
    /// Returns the issuer, if the identifier names one.
    pub(super) const fn issuer(self) -> Option<&'a str> {
        match self {
            Self::User { issuer, .. } | Self::Token { issuer, .. } => Some(issuer),
            Self::Opaque(_) | Self::Other => None,
        }
    }

    fn member(member: Item<'a>) -> Result<Self, Rule> {
        let member = member.as_object().ok_or(Rule::SubjectMalformed)?;
        match format(member)? {
            // A complex subject must not be inside of another one (Shared Signals Framework section
            // 3.2).
            None | Some("complex") => Err(Rule::SubjectMalformed),
            Some(format) => Self::read(member, format),
        }
    }

    fn read(subject: Object<'a>, format: &str) -> Result<Self, Rule> {
        let member = |name: &str| {
            let text = subject.get(name).and_then(Item::as_str);
            text.filter(|text| !text.is_empty()).ok_or(Rule::SubjectMalformed)
        };
        Ok(match format {
            "iss_sub" | "iss-sub" => Self::User { issuer: member("iss")?, subject: member("sub")? },
            "opaque" => Self::Opaque(member("id")?),
            "jwt_id" | "jwt-id" => Self::Token { issuer: member("iss")?, id: member("jti")? },
            _ => Self::Other,
        })
    }
}

/// Returns the format. Drafts called the member `subject_type`.
fn format(subject: Object<'_>) -> Result<Option<&str>, Rule> {
    match subject.get("format").or_else(|| subject.get("subject_type")) {
        None => Ok(None),
        Some(Item::String(format)) => Ok(Some(format)),
        Some(_) => Err(Rule::SubjectMalformed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    const USER: Part<'_> = Part::User { issuer: "https://i", subject: "alice" };

    #[test]
    fn each_format_has_its_members() {
        let user = Subject::User { issuer: "https://i", subject: "alice" };
        let token = Subject::Token { issuer: "https://i", id: "t1" };
        let both = Subject::Complex { user: Some(USER), session: Some(Part::Opaque("s1")) };
        let malformed = Err(Rule::SubjectMalformed);
        let cases = [
            (r#"{"format":"iss_sub","iss":"https://i","sub":"alice"}"#, Ok(user)),
            (r#"{"subject_type":"iss-sub","iss":"https://i","sub":"alice"}"#, Ok(user)),
            (r#"{"format":"iss_sub","iss":"https://i"}"#, malformed),
            (r#"{"format":"iss_sub","iss":"https://i","sub":""}"#, malformed),
            (r#"{"format":"iss_sub","iss":7,"sub":"alice"}"#, malformed),
            (r#"{"format":"opaque","id":"s1"}"#, Ok(Subject::Opaque("s1"))),
            (r#"{"format":"opaque","id":["s1"]}"#, malformed),
            (r#"{"format":"jwt_id","iss":"https://i","jti":"t1"}"#, Ok(token)),
            (r#"{"format":"jwt-id","iss":"https://i","jti":"t1"}"#, Ok(token)),
            (r#"{"format":"jwt_id","jti":"t1"}"#, malformed),
            (r#"{"format":"email","email":"alice@example.com"}"#, Ok(Subject::Other)),
            (r#"{"format":"phone_number","phone_number":"+4930"}"#, Ok(Subject::Other)),
            (r#"{"format":"account","uri":"acct:a@example.com"}"#, Ok(Subject::Other)),
            (r#"{"format":"aliases","identifiers":[]}"#, Ok(Subject::Other)),
            (r#"{"format":"catalog_item","id":"7"}"#, Ok(Subject::Other)),
            (r#"{"format":"ISS_SUB","iss":"https://i","sub":"alice"}"#, Ok(Subject::Other)),
            (
                r#"{"format":"complex","user":{"format":"iss_sub","iss":"https://i","sub":"alice"},
                    "session":{"format":"opaque","id":"s1"},"tenant":{"format":"opaque","id":"1"}}"#,
                Ok(both),
            ),
            (
                r#"{"user":{"format":"iss_sub","iss":"https://i","sub":"alice"},
                    "session":{"format":"opaque","id":"s1"}}"#,
                Ok(both),
            ),
            (
                r#"{"format":"complex","user":{"format":"email","email":"a@example.com"}}"#,
                Ok(Subject::Complex { user: Some(Part::Other), session: None }),
            ),
            (r#"{"format":"complex"}"#, Ok(Subject::Complex { user: None, session: None })),
            (r#"{"format":"complex","user":"alice"}"#, malformed),
            (r#"{"format":"complex","user":{"format":"complex"}}"#, malformed),
            (r#"{"format":"complex","session":{"id":"s1"}}"#, malformed),
            (r#"{"format":7,"id":"s1"}"#, malformed),
            (r#"{"format":null,"id":"s1"}"#, malformed),
            (r#"{"id":"s1"}"#, malformed),
            ("{}", malformed),
        ];
        for (text, expected) in cases {
            let document = json::object(text.as_bytes()).unwrap();
            assert_eq!(Subject::read(document.root()), expected, "{text}");
        }
    }
}
