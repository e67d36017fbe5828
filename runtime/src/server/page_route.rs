//! The mark of a request to a route that shows a page. A link on another site may lead to such a
//! route, although the request has a cookie.

use http::Extensions;
use http::request::Parts;

use super::ResourceServer;
use crate::credential::cookies_are_taken;
use crate::policy::{Operation, PublicOperation};

/// An extension of a request. The guard of a page attaches it for the extractors behind the guard,
/// which do not know the route.
#[derive(Clone)]
enum PageRoute {
    /// The guard of this server, and the number of proofs beside the guard that are not extracted
    /// yet. The mark has no meaning for the server of a nested router.
    Of(ResourceServer, usize),
    /// A public handler, which knows no server.
    Public,
}

impl ResourceServer {
    /// Records the operation of a guard of this server. The guard of a page attaches the mark. The
    /// guard of another handler removes it, because the mark of an outer guard does not count for
    /// the handler. A proof beside the guard of a page does not know the route and keeps the mark;
    /// the attribute has counted these proofs. Any other policy is a guard of its own.
    #[inline]
    pub(crate) fn record_page(&self, parts: &mut Parts, operation: &Operation) {
        if self.takes_cookies() {
            self.mark_page(parts, operation);
        }
    }

    #[inline(never)]
    fn mark_page(&self, parts: &mut Parts, operation: &Operation) {
        let of_earlier_guard = match parts.extensions.get() {
            Some(PageRoute::Of(server, proofs)) if self.is(server) && !operation.is_handler => {
                proofs.checked_sub(1)
            }
            _ => None,
        };
        let proofs = of_earlier_guard.or_else(|| operation.is_page.then_some(operation.proofs));
        if let Some(proofs) = proofs {
            parts.extensions.insert(PageRoute::Of(self.clone(), proofs));
        } else {
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
            Some(PageRoute::Of(server, _)) => self.is(server),
            Some(PageRoute::Public) => true,
            None => false,
        }
    }
}

/// Records the operation of a public handler. The mark of an outer handler does not count for it.
/// Without a server that takes cookies, nothing reads the mark.
pub(crate) fn record_public_page(extensions: &mut Extensions, operation: &PublicOperation) {
    if !cookies_are_taken() {
        return;
    }
    if operation.is_page {
        extensions.insert(PageRoute::Public);
    } else {
        extensions.remove::<PageRoute>();
    }
}
