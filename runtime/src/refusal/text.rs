//! What a refusal says, written once for each rule that can fail and each policy.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http::HeaderValue;
use serde_json::json;

use super::challenge::challenge;
use super::status;
use crate::error::TokenErrorKind;
use crate::policy::Requirement;
use crate::server::ResourceServer;

/// The header and the body of a refusal; cheap to clone.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) challenge: Option<HeaderValue>,
    pub(super) problem: Bytes,
}

/// What a server has said so far. Policies are static, so there are as many texts at most as the
/// program has policies, times the kinds of errors.
#[derive(Default)]
pub(crate) struct Texts(RwLock<HashMap<Key, Text>>);

/// A policy is known by its address, which nothing else ever has.
type Key = (usize, TokenErrorKind);

impl Texts {
    pub(super) fn text(
        &self,
        kind: TokenErrorKind,
        requirement: &'static Requirement,
        server: &ResourceServer,
    ) -> Text {
        let key = (std::ptr::from_ref(requirement).addr(), kind);
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(&key) {
            return text.clone();
        }
        drop(known);
        let text = Text {
            challenge: challenge(kind, requirement, server),
            problem: problem(kind),
        };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert(text).clone()
    }
}

/// RFC 9457; `about:blank` means that the title is the status phrase (section 4.2.1).
fn problem(kind: TokenErrorKind) -> Bytes {
    let status = status(kind);
    let problem = json!({
        "type": "about:blank",
        "title": status.canonical_reason(),
        "status": status.as_u16(),
        "code": kind.code(),
        "detail": kind.description(),
    });
    problem.to_string().into()
}
