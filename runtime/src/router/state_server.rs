//! The `ResourceServer` in the state of a router. A router finds it through the guards of its
//! handlers, so that a router without protected handlers may have a state without a server.

use crate::extract::{Authorized, Public};
use crate::server::{HasResourceServer, ResourceServer};

/// The function that returns the server of a state. `None` for a guard that needs no server.
pub(crate) type FindServer<S> = Option<fn(&S) -> &ResourceServer>;

/// A guard whose handler can serve requests with the state `S`.
#[allow(unnameable_types, reason = "only this crate implements this trait")]
pub trait GuardFor<S> {
    #[doc(hidden)]
    const FIND_SERVER: FindServer<S>;
}

impl<P, S: HasResourceServer> GuardFor<S> for Authorized<P> {
    const FIND_SERVER: FindServer<S> = Some(S::resource_server);
}

impl<P, S> GuardFor<S> for Public<P> {
    const FIND_SERVER: FindServer<S> = None;
}
