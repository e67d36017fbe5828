//! The header and the body of refusals, written once for each cause, policy and set of scopes.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http::HeaderValue;
use serde_json::json;

use super::status::status;
use crate::error::RefusalKind;
use crate::policy::Requirement;

/// The header and the body of a refusal; cheap to clone.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) challenge: Option<HeaderValue>,
    pub(super) problem: Bytes,
}

/// Everything that the text of a refusal depends on.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) kind: RefusalKind,
    pub(super) requirement: &'static Requirement,
    /// The index of the scopes that are named among the requirement's scope sets.
    pub(super) scope_set: Option<usize>,
}

/// The texts that a server has written so far. Policies are static and have a bounded number of
/// scope sets, so the number of texts is bounded by the program.
#[derive(Default)]
pub(super) struct Texts(RwLock<HashMap<Key, Text>>);

impl Texts {
    pub(super) fn text(&self, key: Key, challenge: impl FnOnce() -> Option<HeaderValue>) -> Text {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = known.get(&key) {
            return text.clone();
        }
        drop(known);
        let text = Text { challenge: challenge(), problem: problem(key.kind) };
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.entry(key).or_insert(text).clone()
    }
}

impl Key {
    /// A requirement is known by its address, which nothing else ever has.
    fn fields(&self) -> (RefusalKind, usize, Option<usize>) {
        (self.kind, std::ptr::from_ref(self.requirement).addr(), self.scope_set)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.fields() == other.fields()
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.fields().hash(state);
    }
}

/// RFC 9457; `about:blank` means that the title is the status phrase (section 4.2.1).
fn problem(kind: RefusalKind) -> Bytes {
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
