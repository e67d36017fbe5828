//! The named policies that the guard of a handler found satisfied on its way, so that a proof of one
//! of them among the handler's arguments asks no check again.
//!
//! Only the guard of a handler opens such a memory, and it forgets what was there: what another
//! handler, a layer or a middleware found may have been found of another object.

use std::any::TypeId;
use std::sync::Arc;

use http::request::Parts;
use http::{Extensions, Method, Uri};

use super::asking::Asked;
use crate::server::ResourceServer;

/// In the request's extensions, and of no other request: same caller, same server, same state.
#[derive(Clone)]
struct Granted {
    server: ResourceServer,
    state: TypeId,
    credential: Arc<[u8]>,
    method: Method,
    uri: Uri,
    policies: Vec<TypeId>,
}

impl Granted {
    fn is_of(&self, parts: &Parts, asked: Asked<'_>) -> bool {
        self.server.is(asked.server)
            && self.state == asked.state
            && self.server.credential(parts) == Ok(&*self.credential)
            && self.method == parts.method
            && self.uri == parts.uri
    }
}

/// Begins anew, for a caller who is known.
pub(super) fn open(parts: &mut Parts, asked: Asked<'_>) {
    let Ok(credential) = asked.server.credential(parts).map(Arc::from) else {
        return forget(&mut parts.extensions);
    };
    let granted = Granted {
        server: asked.server.clone(),
        state: asked.state,
        credential,
        method: parts.method.clone(),
        uri: parts.uri.clone(),
        policies: Vec::new(),
    };
    parts.extensions.insert(granted);
}

pub(super) fn remember(parts: &mut Parts, policy: TypeId) {
    if let Some(granted) = parts.extensions.get_mut::<Granted>() {
        granted.policies.push(policy);
    }
}

pub(super) fn is_remembered(parts: &Parts, asked: Asked<'_>) -> bool {
    let granted = parts.extensions.get::<Granted>();
    let granted = granted.filter(|granted| granted.is_of(parts, asked));
    granted.is_some_and(|granted| granted.policies.contains(&asked.policy))
}

/// A router that this request goes to next may see another object in the same path.
pub(crate) fn forget(extensions: &mut Extensions) {
    extensions.remove::<Granted>();
}
