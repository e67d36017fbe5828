//! The policies that the guard of a handler found satisfied, so that the handler's proof of one of
//! them asks no check again.

use std::any::TypeId;

use http::request::Parts;
use http::{Extensions, Method, Uri};

/// In the request's extensions, of this very request: what a middleware made of it since is
/// another. Who the caller is, is compared where the token is.
#[derive(Clone)]
struct Granted {
    method: Method,
    uri: Uri,
    policies: Vec<TypeId>,
}

impl Granted {
    fn is_of(&self, parts: &Parts) -> bool {
        self.method == parts.method && self.uri == parts.uri
    }
}

pub(super) fn remember<P: 'static>(parts: &mut Parts) {
    let known = parts.extensions.remove::<Granted>();
    let mut granted = known
        .filter(|known| known.is_of(parts))
        .unwrap_or_else(|| Granted {
            method: parts.method.clone(),
            uri: parts.uri.clone(),
            policies: Vec::new(),
        });
    granted.policies.push(TypeId::of::<P>());
    parts.extensions.insert(granted);
}

pub(super) fn is_remembered<P: 'static>(parts: &Parts) -> bool {
    let granted = parts.extensions.get::<Granted>();
    let granted = granted.filter(|granted| granted.is_of(parts));
    granted.is_some_and(|granted| granted.policies.contains(&TypeId::of::<P>()))
}

/// A router that this request goes to next may see another object in the same path.
pub(crate) fn forget(extensions: &mut Extensions) {
    extensions.remove::<Granted>();
}
