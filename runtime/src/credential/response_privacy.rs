//! The record that the response to a request must stay private, because a cookie contained the
//! credential of the request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::request::Parts;

/// An extension of a request, which a layer reads after the response was made. RFC 9111 section 3.5
/// keeps shared caches from storing responses to requests with `Authorization`, and not responses to
/// requests with a cookie.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResponsePrivacy(Arc<AtomicBool>);

impl ResponsePrivacy {
    /// Returns true if the server has looked at a credential in a cookie.
    #[cfg_attr(not(feature = "router"), allow(dead_code, reason = "for the layer"))]
    pub(crate) fn is_required(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Records that the response to this request must stay private.
pub(crate) fn require_privacy(parts: &Parts) {
    if let Some(ResponsePrivacy(is_required)) = parts.extensions.get() {
        is_required.store(true, Ordering::Relaxed);
    }
}
