//! Memoizes the header and the body of refusals for each kind, requirement, set of scopes
//! and scheme of the request.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use serde_json::json;

use super::challenges::Challenges;
use super::status::status;
use super::used_scheme::UsedScheme;
use crate::error::RefusalKind;
use crate::policy::{Requirement, ScopeSets};

/// The header and the body of a refusal. A clone shares the bytes of both.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) challenges: Challenges,
    pub(super) problem: Bytes,
}

/// The values that determine the text of a refusal.
#[derive(Clone, Copy)]
pub(super) struct Key {
    pub(super) kind: RefusalKind,
    pub(super) requirement: &'static Requirement,
    /// The set of scopes that the challenge names, as an index into the requirement's scope sets.
    pub(super) scope_set: Option<usize>,
    /// The scheme whose challenge states the error. Always the same if the server has only one.
    pub(super) used: UsedScheme,
}

/// The texts and scope sets of a server, each computed once and kept as long as the server exists.
/// The number of texts and scope sets is bounded, because the program has a fixed number of
/// policies, each with a bounded number of scope sets.
#[derive(Default)]
pub(super) struct Texts {
    texts: Memo<Key, Text>,
    scope_sets: Memo<usize, Arc<ScopeSets>>,
}

impl Texts {
    pub(super) fn text(&self, key: Key, challenges: impl FnOnce(&ScopeSets) -> Challenges) -> Text {
        self.texts.get_or_insert(key, || Text {
            challenges: challenges(&self.scope_sets(key.requirement)),
            problem: problem(key.kind),
        })
    }

    pub(super) fn scope_sets(&self, requirement: &'static Requirement) -> Arc<ScopeSets> {
        self.scope_sets.get_or_insert(address(requirement), || Arc::new(ScopeSets::of(requirement)))
    }
}

/// A map that computes the value for each key once and never removes a value.
struct Memo<K, V>(RwLock<HashMap<K, V>>);

impl<K, V> Default for Memo<K, V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<K: Eq + Hash, V: Clone> Memo<K, V> {
    fn get_or_insert(&self, key: K, compute: impl FnOnce() -> V) -> V {
        let values = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = values.get(&key) {
            return value.clone();
        }
        drop(values);
        let value = compute();
        let mut values = self.0.write().unwrap_or_else(PoisonError::into_inner);
        values.entry(key).or_insert(value).clone()
    }
}

/// Returns the address of a requirement. The address identifies the requirement, because
/// requirements are static and never move.
fn address(requirement: &'static Requirement) -> usize {
    std::ptr::from_ref(requirement).addr()
}

impl Key {
    fn fields(&self) -> (RefusalKind, usize, Option<usize>, UsedScheme) {
        (self.kind, address(self.requirement), self.scope_set, self.used)
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

/// Builds the problem document (RFC 9457). Its type is `about:blank`, so its title is the status
/// phrase (RFC 9457 section 4.2.1).
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
