//! The named policies that the guard of a handler found satisfied, so that a proof of one of them
//! among the same handler's arguments asks no check again.
//!
//! Such a memory belongs to one run of one handler. Two facts tell the run, as neither does alone:
//!
//! - The place of the state. Each run of a handler holds a state of its own, at one place for all its
//!   arguments. A handler that is called inside has its state elsewhere, even if it is a clone. After
//!   the run the place may be that of another state.
//! - The life of the guard. The guard is an argument, which ends with the body. Until then the place
//!   is taken.
//!
//! What was found for another object, by another run, is therefore never found again.

use std::any::TypeId;
use std::sync::{Arc, Weak};

use http::request::Parts;
use http::{Method, Uri};

use super::question::{Asked, Place};
use crate::token::AccessToken;

/// The end of a handler's body, as its guard holds it.
pub(crate) type Life = Arc<()>;

/// In the request's extensions.
#[derive(Clone)]
struct Granted {
    state: Place,
    guard: Weak<()>,
    /// The same token has the same credential and comes from the same server.
    token: AccessToken,
    /// An extractor between guard and proof may have changed these.
    method: Method,
    uri: Uri,
    policies: Vec<TypeId>,
}

impl Granted {
    fn is_of(&self, parts: &Parts, asked: Asked<'_>, token: &AccessToken) -> bool {
        is_same_run(self.state, &self.guard, asked.state)
            && self.token.is_same(token)
            && self.method == parts.method
            && self.uri == parts.uri
    }
}

/// Decides whether an extractor that sees a state at this place runs for the handler of that guard.
fn is_same_run(state: Place, guard: &Weak<()>, asked: Place) -> bool {
    state.is_same(asked) && guard.strong_count() > 0
}

/// Begins a memory for this run; it ends when what is returned is dropped.
pub(super) fn open(parts: &mut Parts, asked: Asked<'_>, token: &AccessToken) -> Life {
    let life = Life::default();
    let granted = Granted {
        state: asked.state,
        guard: Arc::downgrade(&life),
        token: token.clone(),
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        policies: Vec::new(),
    };
    parts.extensions.insert(granted);
    life
}

pub(super) fn remember(parts: &mut Parts, asked: Asked<'_>, token: &AccessToken) {
    let is_open = granted(parts, asked, token).is_some();
    if let Some(granted) = parts.extensions.get_mut::<Granted>()
        && is_open
    {
        granted.policies.push(asked.policy);
    }
}

pub(super) fn is_remembered(parts: &Parts, asked: Asked<'_>, token: &AccessToken) -> bool {
    granted(parts, asked, token).is_some_and(|granted| granted.policies.contains(&asked.policy))
}

fn granted<'a>(parts: &'a Parts, asked: Asked<'_>, token: &AccessToken) -> Option<&'a Granted> {
    let granted = parts.extensions.get::<Granted>();
    granted.filter(|granted| granted.is_of(parts, asked, token))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neither the place nor the life is enough.
    #[test]
    fn a_run_is_told_by_its_state_and_its_guard() {
        let (here, there, nowhere) = ([1_u8], [1_u8], ());
        let places = (Place::of(&here), Place::of(&there), Place::of(&nowhere));
        let living = Life::default();
        let alive = || Arc::downgrade(&living);
        let dead = || Arc::downgrade(&Life::default());
        for (state, guard, asked, expected) in [
            (places.0, alive(), places.0, true),
            (places.0, alive(), places.1, false),
            (places.0, dead(), places.0, false),
            (places.0, dead(), places.1, false),
            (places.0, Weak::new(), places.0, false),
            // All states without a size may be at one place.
            (places.2, alive(), places.2, false),
            // The first field of a state is where the state is.
            (places.0, alive(), Place::of(&here[0]), false),
        ] {
            assert_eq!(is_same_run(state, &guard, asked), expected);
        }
    }
}
