//! The mark that tells a refusal of this crate from any other response with the same status. Only
//! tests read the mark, so other builds do not pay for it.

use axum_core::response::Response;

use crate::error::RefusalKind;

/// The mark in the extensions of a refusal's response, which are not sent to the client. Only this
/// module can create it, so a handler or a middleware cannot imitate a refusal.
#[cfg(feature = "__testing")]
#[derive(Clone, Copy)]
struct RefusalMark(RefusalKind);

/// Marks the response as a refusal of this kind. A response of a check may already have a mark, if
/// the check is a named policy. That mark stays, because it is more exact.
#[cfg(feature = "__testing")]
pub(super) fn with_mark(mut response: Response, kind: RefusalKind) -> Response {
    response.extensions_mut().get_or_insert(RefusalMark(kind));
    response
}

/// Returns the response unchanged.
#[cfg(not(feature = "__testing"))]
pub(super) fn with_mark(response: Response, _: RefusalKind) -> Response {
    response
}

/// Returns the kind of the refusal, or `None` if the response is not a refusal of this crate.
#[cfg(feature = "__testing")]
pub(crate) fn refusal_kind(response: &Response) -> Option<RefusalKind> {
    response.extensions().get().map(|RefusalMark(kind)| *kind)
}
