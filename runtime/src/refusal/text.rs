//! Header and body of refusals, built once for each cause, policy and set of scopes.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{PoisonError, RwLock};

use bytes::Bytes;
use http::HeaderValue;
use serde_json::json;

use super::status::status;
use crate::error::RefusalKind;
use crate::policy::Requirement;

/// Header and body of a refusal. Cheap to clone.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) challenge: Option<HeaderValue>,
    pub(super) problem: Bytes,
}

/// All that the text of a refusal depends on.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) kind: RefusalKind,
    pub(super) requirement: &'static Requirement,
    /// The scopes to name, as an index into the requirement's scope sets.
    pub(super) scope_set: Option<usize>,
}

/// Cache of the texts of a server. Its size is bounded by the program: policies are static and have a
/// bounded number of scope sets.
#[derive(Default)]
pub(super) struct Texts(RwLock<HashMap<Key, Text>>);

impl Texts {
    pub(super) fn text(&self, key: Key, challenge: impl FnOnce() -> Option<HeaderValue>) -> Text {
        let cache = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(text) = cache.get(&key) {
            return text.clone();
        }
        drop(cache);
        let text = Text { challenge: challenge(), problem: problem(key.kind) };
        let mut cache = self.0.write().unwrap_or_else(PoisonError::into_inner);
        cache.entry(key).or_insert(text).clone()
    }
}

impl Key {
    /// Identifies a requirement by its address, which is unique because requirements are static.
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

/// Builds the problem document (RFC 9457). The type `about:blank` means that the title is the status
/// phrase (section 4.2.1).
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
