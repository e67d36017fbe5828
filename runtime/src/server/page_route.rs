//! The mark of a request to a route that shows a page. A link on another site may lead to such a
//! route, although the request has a cookie.

use http::Extensions;
use http::request::Parts;

use super::ResourceServer;
use crate::policy::{Operation, PublicOperation};

/// An extension of a request. The guard of a page attaches it for the extractors behind the guard,
/// which do not know the route.
#[derive(Clone)]
enum PageRoute {
    /// The guard of this server. The mark has no meaning for the server of a nested router.
    Of(ResourceServer),
    /// A public handler, which knows no server.
    Public,
}

impl ResourceServer {
    /// Records the operation of a guard of this server. The guard of a page attaches the mark. The
    /// guard of another handler removes it, because the mark of an outer guard does not count for
    /// the handler. A policy without a handler keeps it: a proof beside the guard of a page does
    /// not know the route.
    #[inline]
    pub(crate) fn record_page(&self, parts: &mut Parts, operation: &Operation) {
        if self.takes_cookies() {
            self.mark_page(parts, operation);
        }
    }

    #[inline(never)]
    fn mark_page(&self, parts: &mut Parts, operation: &Operation) {
        if operation.is_page {
            parts.extensions.insert(PageRoute::Of(self.clone()));
        } else if operation.is_handler {
            parts.extensions.remove::<PageRoute>();
        }
    }

    /// Removes the mark of an outer guard from a request that reaches the guard of a service.
    pub(crate) fn leave_page(&self, parts: &mut Parts) {
        if self.takes_cookies() {
            parts.extensions.remove::<PageRoute>();
        }
    }

    /// Returns true if the request leads to a page of this server.
    pub(super) fn is_page(&self, parts: &Parts) -> bool {
        match parts.extensions.get() {
            Some(PageRoute::Of(server)) => self.is(server),
            Some(PageRoute::Public) => true,
            None => false,
        }
    }
}

/// Records the operation of a public handler. The mark of an outer handler does not count for it.
pub(crate) fn record_public_page(extensions: &mut Extensions, operation: &PublicOperation) {
    if operation.is_page {
        extensions.insert(PageRoute::Public);
    } else {
        extensions.remove::<PageRoute>();
    }
}
