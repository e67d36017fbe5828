//! Records the named policies that the guard of a handler found satisfied. Other arguments of the
//! same handler that need proof of one of them do not run its checks again.
//!
//! A memory belongs to one run of one handler. Two facts together identify the run:
//!
//! - The address of the state. Each run of a handler owns a state, at one address for all arguments.
//!   A handler that is called inside it has its state at another address, even if that is a clone.
//!   After the run, another state may have the same address.
//! - The lifetime of the guard. The guard is an argument and is dropped when the handler returns. As
//!   long as it exists, no other state can have the address.
//!
//! A proof for another object, from another run, is therefore never reused.

use std::any::TypeId;
use std::sync::{Arc, Weak};

use http::request::Parts;
use http::{Method, Uri};

use super::question::{Question, StateAddress};
use crate::token::AccessToken;

/// Keeps a memory valid until it is dropped. Held by the guard.
pub(crate) type MemoryOwner = Arc<()>;

/// The proofs of one run, in the request's extensions.
#[derive(Clone)]
struct ProofMemory {
    state: StateAddress,
    guard: Weak<()>,
    /// Identifies the credential and the server too.
    token: AccessToken,
    /// Compared because an extractor between guard and proof may change the request line.
    method: Method,
    uri: Uri,
    policies: Vec<TypeId>,
}

impl ProofMemory {
    fn matches(&self, parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
        is_same_run(self.state, &self.guard, question.state)
            && self.token.is_same(token)
            && self.method == parts.method
            && self.uri == parts.uri
    }
}

/// Returns whether an extractor with the state `current` belongs to the run of this guard.
fn is_same_run(state: StateAddress, guard: &Weak<()>, current: StateAddress) -> bool {
    state.is_same(current) && guard.strong_count() > 0
}

/// Opens a memory for this run, valid until the owner is dropped. Replaces the memory of another run.
pub(super) fn open(parts: &mut Parts, question: Question<'_>, token: &AccessToken) -> MemoryOwner {
    let owner = MemoryOwner::default();
    let memory = ProofMemory {
        state: question.state,
        guard: Arc::downgrade(&owner),
        token: token.clone(),
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        policies: Vec::new(),
    };
    parts.extensions.insert(memory);
    owner
}

pub(super) fn remember(parts: &mut Parts, question: Question<'_>, token: &AccessToken) {
    let is_open = memory(parts, question, token).is_some();
    if let Some(memory) = parts.extensions.get_mut::<ProofMemory>()
        && is_open
    {
        memory.policies.push(question.policy);
    }
}

pub(super) fn is_remembered(parts: &Parts, question: Question<'_>, token: &AccessToken) -> bool {
    memory(parts, question, token).is_some_and(|memory| memory.policies.contains(&question.policy))
}

fn memory<'a>(
    parts: &'a Parts,
    question: Question<'_>,
    token: &AccessToken,
) -> Option<&'a ProofMemory> {
    parts.extensions.get::<ProofMemory>().filter(|memory| memory.matches(parts, question, token))
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
