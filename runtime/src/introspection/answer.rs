//! Reads the answer of the endpoint (RFC 7662 section 2.2).
//!
//! | answer | result |
//! |---|---|
//! | status 401 or 403 | 503: the credentials of this server are wrong, an event of the level `ERROR` |
//! | another status than 200 | 503 |
//! | a body that is not one JSON object with distinct member names | 503 |
//! | `active` is missing or not a boolean | 503 |
//! | `active` is `false`, with any other members | 401 `inactive_token` |
//! | `active` is `true`, and a member that the server reads has a wrong type or value | 401 |
//! | `active` is `true`, and all rules for tokens hold | an identity |

use std::fmt;

use http::StatusCode;

use crate::json::{self, Document, Item, Object};

/// Answer of the endpoint.
pub(crate) enum Answer {
    Inactive,
    /// The members of the answer, with `active`.
    Active(Document),
}

/// Reason why an answer cannot be used. It contains nothing of the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unusable {
    Status(StatusCode),
    NotObject,
    NoActive,
    /// An answer that had to be a JWT.
    Jwt(&'static str),
}

impl Unusable {
    /// Returns true if the endpoint does not accept the credentials of this server.
    pub(crate) fn is_refused_client(&self) -> bool {
        matches!(self, Self::Status(StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN))
    }
}

impl Answer {
    /// Reads the body of a response with status 200.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Unusable> {
        let document = json::object(body).map_err(|_| Unusable::NotObject)?;
        if is_active(document.root())? { Ok(Self::Active(document)) } else { Ok(Self::Inactive) }
    }

    /// Reads the member `token_introspection` of an answer that is a JWT (RFC 9701 section 5).
    pub(super) fn of_object(object: Object<'_>, bytes: usize) -> Result<Self, Unusable> {
        if is_active(object)? {
            Ok(Self::Active(Document::of_members(object.members(), bytes)))
        } else {
            Ok(Self::Inactive)
        }
    }
}

/// Only the JSON boolean `true` says that a token is active.
fn is_active(answer: Object<'_>) -> Result<bool, Unusable> {
    match answer.get("active") {
        Some(Item::Bool(is_active)) => Ok(is_active),
        _ => Err(Unusable::NoActive),
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Status(status) if self.is_refused_client() => write!(
                formatter,
                "the endpoint answers {status}: it does not accept the credentials of this server, \
                 check `client_id` and the secret, key or token of `introspection`"
            ),
            Self::Status(status) => write!(formatter, "the endpoint answers {status}"),
            Self::NotObject => {
                formatter.write_str("the answer is not one JSON object with distinct member names")
            }
            Self::NoActive => formatter.write_str("the answer has no boolean `active`"),
            Self::Jwt(problem) => write!(formatter, "the answer {problem}"),
        }
    }
}
