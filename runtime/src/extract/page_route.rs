//! The mark of a request to a route that shows a page.

use http::Extensions;
use http::request::Parts;

use crate::policy::Operation;
use crate::server::ResourceServer;

/// An extension of a request. The guard of a route that shows a page attaches it for the extractors
/// behind the guard, which do not know the route.
#[derive(Clone)]
struct PageRoute;

/// Attaches the mark.
pub(super) fn attach(extensions: &mut Extensions) {
    extensions.insert(PageRoute);
}

/// Attaches the mark to a request that reaches the guard of a page, and removes it from a request
/// that reaches a handler that is not a page. The mark of an outer guard does not count for a
/// handler. Other policies keep the mark: a proof beside the guard does not know the route.
pub(super) fn note(parts: &mut Parts, server: &ResourceServer, operation: &Operation) {
    if !server.takes_cookies() {
        return;
    }
    if operation.is_page {
        attach(&mut parts.extensions);
    } else if operation.is_handler {
        parts.extensions.remove::<PageRoute>();
    }
}

/// Returns true if the request leads to a page.
pub(super) fn is_page(parts: &Parts) -> bool {
    parts.extensions.get::<PageRoute>().is_some()
}
