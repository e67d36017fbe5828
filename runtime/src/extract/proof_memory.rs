//! Records, in the extensions of a request, the named policies that the guard of a handler found
//! satisfied. If another argument `Authorized<P>` of the same handler is a proof of a recorded
//! policy, its extraction does not run the checks of `P` again.
//!
//! A `ProofMemory` belongs to one call of one handler. Three facts together identify the call:
//!
//! - The address of the application state. axum extracts all arguments of one call from one state
//!   value at one address. A handler that is called inside another handler has its state value at
//!   another address, even if the value is a clone. After the call has ended, another state value
//!   may have the same address.
//! - The lifetime of the guard. The guard is an argument of the handler, and Rust drops it when the
//!   handler returns. Until then, no other state value can have the same address.
//! - The number of proofs. The attribute counts the arguments `Authorized<P>` of the handler. After
//!   that number of extractions, a further extraction finds the `ProofMemory` empty, even if a
//!   wrapper of the handler keeps the guard longer than the state value.
//!
//! One case is not detected: a function that wraps a handler takes fewer proofs than the handler,
//! keeps the guard, drops the state value, and passes the request to another handler. If the state
//! value of the other handler has the same address and type, the other handler finds the
//! `ProofMemory` of the first.
//!
//! A `ProofMemory` is valid only for the request from which the guard was extracted. A clone of the
//! request has an empty `ProofMemory`. Changes of the request's extensions are not detected,
//! because extensions cannot be compared.

use std::any::TypeId;
use std::sync::{Arc, Weak};

use http::request::Parts;
use http::{HeaderMap, Method, Uri, Version};

use super::erased_policy::{Question, StateAddress};
use crate::identity::AccessToken;

/// The reference count that keeps a `ProofMemory` valid until the guard, which holds this `Arc`, is
/// dropped.
pub(crate) type MemoryOwner = Arc<()>;

/// The recorded proofs of one call of a handler, stored in the request's extensions. An empty
/// `ProofMemory` contains `None`.
struct ProofMemory(Option<Proofs>);

/// Returns an empty `ProofMemory`, because the cloned request may be changed to name another
/// object. The type implements `Clone` only because `http::Extensions` requires it.
impl Clone for ProofMemory {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// The satisfied policies of one call of a handler, together with the parts of the request for
/// which the policies were judged.
struct Proofs {
    state: StateAddress,
    guard: Weak<()>,
    /// The number of arguments `Authorized<P>` of the handler that have not been extracted yet.
    remaining: usize,
    /// The verified token. It also identifies the credential and the server.
    token: AccessToken,
    /// The method of the request. The method and the fields below are compared, because an
    /// extractor between the guard and the argument may change the request.
    method: Method,
    uri: Uri,
    version: Version,
    /// The headers of the request. `None` if the handler has no other argument `Authorized<P>` that
    /// would compare these headers with its own.
    headers: Option<HeaderMap>,
    policies: Vec<TypeId>,
}

impl Proofs {
    fn matches(&self, parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
        is_same_run(self.state, &self.guard, question.state)
            && self.token.is_same(token)
            && self.method == parts.method
            && self.uri == parts.uri
            && self.version == parts.version
            && self.headers.as_ref().is_none_or(|headers| *headers == parts.headers)
    }
}

/// Returns true if an extractor with the state `current` belongs to the same call of a handler as
/// this guard.
fn is_same_run(state: StateAddress, guard: &Weak<()>, current: StateAddress) -> bool {
    state.is_same(current) && guard.strong_count() > 0
}

/// Stores a new `ProofMemory` in the request's extensions, valid until the returned `MemoryOwner`
/// is dropped. Replaces the `ProofMemory` of another call.
pub(super) fn open(parts: &mut Parts, question: Question<'_>, token: &AccessToken) -> MemoryOwner {
    let owner = MemoryOwner::default();
    let remaining = question.operation.proofs;
    let proofs = Proofs {
        state: question.state,
        guard: Arc::downgrade(&owner),
        remaining,
        token: token.clone(),
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        version: parts.version,
        headers: (remaining > 0).then(|| parts.headers.clone()),
        policies: Vec::new(),
    };
    parts.extensions.insert(ProofMemory(Some(proofs)));
    owner
}

/// Counts the extraction of one argument `Authorized<P>`. Empties the `ProofMemory` if the handler
/// has no such argument left.
pub(super) fn count_proof(parts: &mut Parts) {
    if let Some(ProofMemory(memory)) = parts.extensions.get_mut()
        && let Some(proofs) = memory
    {
        match proofs.remaining.checked_sub(1) {
            Some(remaining) => proofs.remaining = remaining,
            None => *memory = None,
        }
    }
}

pub(super) fn remember(parts: &mut Parts, question: Question<'_>, token: &AccessToken) {
    let is_open = memory(parts, question, token).is_some();
    if let Some(ProofMemory(Some(proofs))) = parts.extensions.get_mut()
        && is_open
    {
        proofs.policies.push(question.policy);
    }
}

pub(super) fn is_remembered(parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
    memory(parts, question, token).is_some_and(|proofs| proofs.policies.contains(&question.policy))
}

fn memory<'a>(parts: &'a Parts, question: Question<'_>, token: &AccessToken) -> Option<&'a Proofs> {
    let ProofMemory(proofs) = parts.extensions.get()?;
    proofs.as_ref().filter(|proofs| proofs.matches(parts, question, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_identified_by_its_state_and_its_guard_together() {
        let (here, there, nowhere) = ([1_u8], [1_u8], ());
        let addresses =
            (StateAddress::of(&here), StateAddress::of(&there), StateAddress::of(&nowhere));
        let owner = MemoryOwner::default();
        let alive = || Arc::downgrade(&owner);
        let dropped = || Arc::downgrade(&MemoryOwner::default());
        for (state, guard, current, expected) in [
            (addresses.0, alive(), addresses.0, true),
            (addresses.0, alive(), addresses.1, false),
            (addresses.0, dropped(), addresses.0, false),
            (addresses.0, dropped(), addresses.1, false),
            (addresses.0, Weak::new(), addresses.0, false),
            // Two zero-sized state values may have the same address.
            (addresses.2, alive(), addresses.2, false),
            // The first field of a state has the address of the state.
            (addresses.0, alive(), StateAddress::of(&here[0]), false),
        ] {
            assert_eq!(is_same_run(state, &guard, current), expected);
        }
    }

    /// Of a pointer to the application, the address of the pointer itself counts: axum clones the
    /// pointer for each call of a handler, and all clones point to the same application.
    #[test]
    fn clones_of_a_pointer_are_different_states() {
        type Shared = Arc<dyn std::fmt::Debug>;
        type Leaked = &'static dyn std::fmt::Debug;
        let application: Shared = Arc::new(1);
        let shared = [Arc::clone(&application), application];
        let leaked: [Leaked; 2] = [&1; 2];
        assert!(StateAddress::of(&shared[0]).is_same(StateAddress::of(&shared[0])));
        assert!(!StateAddress::of(&shared[0]).is_same(StateAddress::of(&shared[1])));
        assert!(StateAddress::of(&leaked[0]).is_same(StateAddress::of(&leaked[0])));
        assert!(!StateAddress::of(&leaked[0]).is_same(StateAddress::of(&leaked[1])));
    }
}
