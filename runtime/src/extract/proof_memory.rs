//! Records the named policies that the guard of a handler found satisfied. Other arguments of the
//! same handler that are proofs of one of them do not run its checks again.
//!
//! A memory belongs to one run of one handler. Three facts together identify the run:
//!
//! - The address of the state. Each run of a handler owns a state, at one address for all arguments.
//!   A handler that is called inside it has its state at another address, even if that is a clone.
//!   After the run, another state may have the same address.
//! - The lifetime of the guard. The guard is an argument and is dropped when the handler returns. As
//!   long as it is in its handler, no other state can have the address.
//! - The number of proofs. The attribute counts the arguments that are proofs. Once as many were
//!   asked for, the next one finds no memory, even if a wrapper of the handler keeps the guard longer
//!   than the state.
//!
//! Limit: a wrapper can take fewer proofs than its handler, keep the guard, drop the state and send
//! the request on. A handler whose state then has the same address and type finds the memory.
//!
//! The memory is valid only for the request that the guard saw. A copy of the request has none. The
//! extensions of the request cannot be compared.

use std::any::TypeId;
use std::sync::{Arc, Weak};

use http::request::Parts;
use http::{HeaderMap, Method, Uri, Version};

use super::erased_policy::{Question, StateAddress};
use crate::token::AccessToken;

/// Keeps a memory valid until it is dropped. Held by the guard.
pub(crate) type MemoryOwner = Arc<()>;

/// The memory of one run, in the request's extensions.
struct ProofMemory(Option<Proofs>);

/// Extensions must be cloneable. The clone is empty, because its request may name another object.
impl Clone for ProofMemory {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// The proofs of one run, and the request that they are for.
struct Proofs {
    state: StateAddress,
    guard: Weak<()>,
    /// The number of proofs that may still be asked for.
    remaining: usize,
    /// Identifies the credential and the server too.
    token: AccessToken,
    /// The rest is compared because an extractor between guard and proof may change the request.
    method: Method,
    uri: Uri,
    version: Version,
    /// `None` if no argument is a proof: then only the guard itself uses the memory.
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

/// Returns whether an extractor with the state `current` belongs to the run of this guard.
fn is_same_run(state: StateAddress, guard: &Weak<()>, current: StateAddress) -> bool {
    state.is_same(current) && guard.strong_count() > 0
}

/// Opens a memory for this run, valid until the owner is dropped. Replaces the memory of another run.
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

/// Counts a proof that is asked for. Empties the memory if it is one more than the handler takes.
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
            // States without a size may have the same address.
            (addresses.2, alive(), addresses.2, false),
            // The first field of a state has the address of the state.
            (addresses.0, alive(), StateAddress::of(&here[0]), false),
        ] {
            assert_eq!(is_same_run(state, &guard, current), expected);
        }
    }
}
