//! The URI of a request, before any router changed it.

use http::Uri;
use http::request::Parts;

/// Returns the URI of the request as the server received it. A nested router removes its prefix from
/// the URI of the request, and keeps the original in an extension.
#[cfg(all(feature = "dpop", feature = "router"))]
pub(crate) fn original_uri(parts: &Parts) -> &Uri {
    parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

/// Returns the URI of the request, because the type of the extension is only known with the features
/// `dpop` and `router`.
#[cfg(not(all(feature = "dpop", feature = "router")))]
pub(crate) fn original_uri(parts: &Parts) -> &Uri {
    &parts.uri
}
