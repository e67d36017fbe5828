//! The documentation that an operation gets from its access.

use serde_json::{Map, Value, json};

use super::alternatives::{Alternative, alternatives};
use super::sentence::{escape, words};
use super::x_access::tree;
use crate::policy::{Fold, Lack, Operation, PublicOperation, Requirement};
use crate::router::{Access, UnknownAccess};

/// The description of the response to a token that does not satisfy the requirement.
pub(super) const FORBIDDEN: &str = "the access token does not grant this operation";

/// The description of the response to a request without a valid token.
pub(super) const UNAUTHORIZED: &str = "the access token is missing or not valid, or its proof is, or \
                                       the user must authenticate again";

/// A header of a response: its name, its meaning and the type of its value.
type Header = (&'static str, &'static str, &'static str);

/// The header of refusals that a client can avoid.
const CHALLENGE: Header = (
    "WWW-Authenticate",
    "one challenge for each scheme that the server accepts (RFC 6750 section 3, RFC 9449 section 7.1)",
    "string",
);

/// The media type of the responses with which a guard refuses requests.
const PROBLEM: &str = "application/problem+json";

/// The documentation of a guard for an OpenAPI operation.
pub(super) struct AccessDocs {
    /// The alternatives of `security`, one of which a token must satisfy. The list is empty if the
    /// operation needs no token.
    pub(super) security: Vec<Alternative>,
    /// The description of the access for people, in Markdown.
    pub(super) note: String,
    /// The value of the extension `x-access` for machines.
    pub(super) extension: Value,
    /// The responses of the guard, each with its status code.
    pub(super) responses: Vec<(&'static str, Value)>,
}

impl AccessDocs {
    pub(super) fn of(access: &Access) -> Self {
        match access {
            Access::Protected(operation) => Self::protected(operation),
            Access::Public(operation) => Self::public(operation),
            Access::Unknown(unknown) => Self::unknown(unknown),
        }
    }

    fn protected(operation: &Operation) -> Self {
        let requirement = &operation.requirement;
        Self {
            security: alternatives(requirement),
            note: format!("Requires {}.", words(requirement)),
            extension: json!({ "requires": tree(requirement) }),
            responses: responses(requirement),
        }
    }

    /// Returns the documentation of routes whose access is not known. Documents have no operations
    /// for them.
    fn unknown(unknown: &UnknownAccess) -> Self {
        let behind = unknown.guard.as_ref().map_or_else(String::new, |operation| {
            format!(" behind {}", words(&operation.requirement))
        });
        let reason = unknown.reason;
        Self {
            security: vec![Alternative::default()],
            note: format!("Not known{behind}: {}.", escape(reason.trim_end_matches('.'))),
            extension: json!({ "unknown": reason }),
            responses: Vec::new(),
        }
    }

    fn public(operation: &PublicOperation) -> Self {
        let reason = operation.reason;
        let escaped = escape(reason.trim_end_matches('.'));
        if operation.reads_token {
            // A public operation that reads the token accepts a request without a token and refuses
            // a request with an invalid token.
            return Self {
                security: vec![Alternative::anonymous(), Alternative::default()],
                note: format!("Open to everybody, with or without a token: {escaped}."),
                extension: json!({ "public": reason }),
                responses: responses(&Requirement::All(&[])),
            };
        }
        Self {
            security: Vec::new(),
            note: format!("Open to everybody: {escaped}."),
            extension: json!({ "public": reason }),
            responses: Vec::new(),
        }
    }
}

fn responses(requirement: &Requirement) -> Vec<(&'static str, Value)> {
    let later = ("Retry-After", "seconds to wait before another request", "integer");
    let all = [
        ("400", "the request does not carry exactly one well-formed credential", CHALLENGE),
        ("401", UNAUTHORIZED, CHALLENGE),
        ("403", FORBIDDEN, CHALLENGE),
        ("503", "access tokens cannot be verified at present", later),
    ];
    let can_lack = can_lack(requirement);
    all.into_iter()
        .filter(|(status, ..)| *status != "403" || can_lack)
        .map(|(status, description, header)| (status, response(description, header)))
        .collect()
}

/// Returns true if a guard may refuse a valid token for a reason that a new authentication of the
/// user cannot remove.
fn can_lack(requirement: &Requirement) -> bool {
    requirement.fold(&Fold {
        one: &|leaf| leaf.demand.lack() == Lack::Authorization,
        all: &|members| members.contains(&true),
        any: &|members| members.is_empty() || members.contains(&true),
    })
}

fn response(description: &str, (header, meaning, kind): Header) -> Value {
    let mut headers = Map::new();
    headers.insert(header.to_owned(), json!({"description": meaning, "schema": {"type": kind}}));
    let mut response = response_of(description);
    if let Some(members) = response.as_object_mut() {
        members.insert("headers".to_owned(), headers.into());
    }
    response
}

/// Returns a response with a problem document and without a header.
pub(super) fn response_of(description: &str) -> Value {
    let text = json!({"type": "string"});
    json!({
        "description": description,
        "content": {PROBLEM: {"schema": {
            "type": "object",
            "description": "a problem document (RFC 9457)",
            "required": ["type", "title", "status", "code", "detail"],
            "properties": {
                "type": text, "title": text, "status": {"type": "integer"},
                "code": text, "detail": text,
            },
        }}},
    })
}
