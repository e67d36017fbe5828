//! The record that the response to a request must stay private, because a cookie contained the
//! credential of the request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::request::Parts;
use http::{Extensions, HeaderMap};

use super::cache_control;

/// True if a server of this program takes credentials from cookies, or has taken them.
static COOKIES_ARE_TAKEN: AtomicBool = AtomicBool::new(false);

/// An extension of a request, which a layer attaches before the guards and reads after the response
/// was made. RFC 9111 section 3.5 keeps shared caches from storing responses to requests with
/// `Authorization`, and not responses to requests with a cookie.
#[derive(Debug, Clone, Default)]
pub(crate) struct ResponsePrivacy(Arc<AtomicBool>);

impl ResponsePrivacy {
    /// Attaches the record to a request, and returns it. If an outer layer has attached a record,
    /// both layers share it.
    #[must_use]
    pub(crate) fn attach(extensions: &mut Extensions) -> Self {
        extensions.get_or_insert_default::<Self>().clone()
    }

    /// Makes the response private if a guard has looked at a credential in a cookie.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        if self.0.load(Ordering::Relaxed) {
            cache_control::make_private(headers);
        }
    }
}

/// Records that a server of this program takes credentials from cookies.
pub(super) fn note_cookies() {
    COOKIES_ARE_TAKEN.store(true, Ordering::Relaxed);
}

/// Returns true if a server of this program takes credentials from cookies. A router and a public
/// handler ask this, because they do not know their servers.
pub(crate) fn cookies_are_taken() -> bool {
    COOKIES_ARE_TAKEN.load(Ordering::Relaxed)
}

/// Records that the response to this request must stay private. Returns false if no layer has
/// attached the record to the request.
pub(super) fn require_privacy(parts: &Parts) -> bool {
    let record = parts.extensions.get();
    if let Some(ResponsePrivacy(is_required)) = record {
        is_required.store(true, Ordering::Relaxed);
    }
    record.is_some()
}
