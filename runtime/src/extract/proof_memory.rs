//! Records, in the extensions of a request, the results of the guard of a handler: the named policies
//! that it found satisfied, and the values that its checks loaded. If another argument
//! `Authorized<P>` of the same handler is a proof of a recorded policy, its extraction does not run
//! the checks of `P` again. An argument `Checked<C>` takes the value of the check `C`.
//!
//! A `ProofMemory` belongs to one call of one handler. Three facts together identify the call:
//!
//! - The address of the application state. axum extracts all arguments of one call from one state
//!   value at one address. A handler that is called inside another handler has its state value at
//!   another address, even if the value is a clone. After the call has ended, another state value
//!   may have the same address.
//! - The lifetime of the guard. The guard is an argument of the handler, and Rust drops it when the
//!   handler returns. Until then, no other state value can have the same address.
//! - The numbers of proofs and of values. The attribute counts the arguments `Authorized<P>` and
//!   `Checked<C>` of the handler. After these numbers of extractions, a further extraction finds no
//!   policies or no values, even if a wrapper of the handler keeps the guard longer than the state
//!   value.
//!
//! One case is not detected: a function that wraps a handler takes fewer of these arguments than the
//! handler, keeps the guard, drops the state value, and passes the request to another handler. If
//! the state value of the other handler has the same address and type, the other handler finds the
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
use super::loaded_values::{LoadedValue, LoadedValues, NoValue, ValueSource};
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
    /// The headers of the request. `None` if the handler has no argument that would compare these
    /// headers with its own.
    headers: Option<HeaderMap>,
    /// The satisfied policies. `None` after the last argument `Authorized<P>`.
    policies: Option<Vec<TypeId>>,
    values: LoadedValues,
}

impl Proofs {
    fn matches(&self, parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
        is_same_run(self.state, &self.guard, question.state)
            && self.token.is_same(token)
            && self.is_same_request(parts)
    }

    fn is_same_request(&self, parts: &Parts) -> bool {
        self.method == parts.method
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
        headers: question.operation.reads_memory().then(|| parts.headers.clone()),
        policies: Some(Vec::new()),
        values: LoadedValues::new(question.operation.values),
    };
    parts.extensions.insert(ProofMemory(Some(proofs)));
    owner
}

/// Counts the extraction of one argument `Authorized<P>`. Removes the policies from the
/// `ProofMemory` if the handler has no such argument left.
pub(super) fn count_proof(parts: &mut Parts) {
    if let Some(proofs) = proofs_mut(parts) {
        match proofs.remaining.checked_sub(1) {
            Some(remaining) => proofs.remaining = remaining,
            None => proofs.policies = None,
        }
    }
}

pub(super) fn remember(parts: &mut Parts, question: Question<'_>, token: &AccessToken) {
    let is_open = memory(parts, question, token).is_some();
    if let Some(policies) = proofs_mut(parts).and_then(|proofs| proofs.policies.as_mut())
        && is_open
    {
        policies.push(question.policy);
    }
}

pub(super) fn is_remembered(parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
    memory(parts, question, token)
        .and_then(|proofs| proofs.policies.as_ref())
        .is_some_and(|policies| policies.contains(&question.policy))
}

fn memory<'a>(parts: &'a Parts, question: Question<'_>, token: &AccessToken) -> Option<&'a Proofs> {
    proofs(parts).filter(|proofs| proofs.matches(parts, question, token))
}

/// Adds the value of a check, if the guard of this call of the handler is running the check and the
/// handler takes values. A guard compares its token with that of the `ProofMemory`; for a value the
/// headers are compared instead, which contain the credential.
pub(super) fn add_value(
    parts: &mut Parts,
    state: StateAddress,
    source: ValueSource,
    value: impl FnOnce() -> LoadedValue,
) {
    let is_needed = proofs(parts).is_some_and(|proofs| {
        proofs.values.is_needed()
            && is_same_run(proofs.state, &proofs.guard, state)
            && proofs.is_same_request(parts)
    });
    if is_needed && let Some(proofs) = proofs_mut(parts) {
        proofs.values.add(source, value());
    }
}

/// Ends the time in which checks may add values: the guard has decided.
pub(super) fn seal_values(parts: &mut Parts) {
    if let Some(proofs) = proofs_mut(parts) {
        proofs.values.seal();
    }
}

/// Moves out the value of a check for one argument of the handler. Returns `Ok(None)` if the guard
/// of this call allowed this request without the check.
pub(super) fn take_value(
    parts: &mut Parts,
    state: StateAddress,
    check: TypeId,
) -> Result<Option<LoadedValue>, NoValue> {
    let run = proofs(parts).filter(|proofs| is_same_run(proofs.state, &proofs.guard, state));
    if !run.ok_or(NoValue::NoArgument)?.is_same_request(parts) {
        return Err(NoValue::RequestChanged);
    }
    let values = proofs_mut(parts).map(|proofs| &mut proofs.values);
    values.ok_or(NoValue::NoArgument)?.take(check)
}

fn proofs(parts: &Parts) -> Option<&Proofs> {
    let ProofMemory(proofs) = parts.extensions.get()?;
    proofs.as_ref()
}

fn proofs_mut(parts: &mut Parts) -> Option<&mut Proofs> {
    let ProofMemory(proofs) = parts.extensions.get_mut()?;
    proofs.as_mut()
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
