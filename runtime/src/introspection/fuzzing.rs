//! Entry point of the fuzz target for answers.

use serde::Deserialize;
use serde_json::Value;

use super::answer::Answer;
use super::claims::{Question, claims};
use crate::json::Item;
use crate::token::{ClaimPositions, Provider, Registered};

/// Verdict on an answer.
#[derive(Debug)]
#[non_exhaustive]
pub enum IntrospectionVerdict {
    /// The answer says that the token is active, and has these claims, as JSON.
    Active(String),
    Inactive,
    /// A member that the server reads is malformed.
    Refused,
    /// The endpoint did not answer the question.
    Unusable,
}

/// Reads an answer of this issuer about an opaque token.
#[must_use]
pub fn introspection_verdict(body: &[u8], issuer: &str) -> IntrospectionVerdict {
    let answer = match Answer::read(body) {
        Ok(Answer::Active(answer)) => answer,
        Ok(Answer::Inactive) => return IntrospectionVerdict::Inactive,
        Err(_) => return IntrospectionVerdict::Unusable,
    };
    let dialect = Provider::Standard.dialect();
    let question = Question { issuer, dialect: &dialect, audiences: &[], token: None };
    let Ok(claims) = claims(&answer, &question) else { return IntrospectionVerdict::Refused };
    let positions = ClaimPositions::of(&claims);
    if Registered::read_answer(&claims, &positions, &dialect, true).is_err() {
        return IntrospectionVerdict::Refused;
    }
    let value = Value::deserialize(Item::Object(claims.root())).unwrap_or_default();
    IntrospectionVerdict::Active(value.to_string())
}
