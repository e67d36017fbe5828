//! The mark that tells a refusal of this crate from any other response with the same status.

use axum_core::response::Response;

use crate::error::RefusalKind;

/// The mark in the extensions of a refusal's response, which are not sent to the client. Only this
/// module can create it, so a handler or a middleware cannot imitate a refusal.
#[derive(Clone, Copy)]
struct RefusalMark(
    #[cfg_attr(
        not(feature = "__testing"),
        expect(dead_code, reason = "for `axum-protected-testing`")
    )]
    RefusalKind,
);

/// Marks the response as a refusal of this kind. A response of a check may already have a mark, if
/// the check is a named policy. That mark stays, because it is more exact.
pub(super) fn mark(response: &mut Response, kind: RefusalKind) {
    response.extensions_mut().get_or_insert(RefusalMark(kind));
}

/// Returns the kind of the refusal, or `None` if the response is not a refusal of this crate.
#[cfg(feature = "__testing")]
pub(crate) fn refusal_kind(response: &Response) -> Option<RefusalKind> {
    response.extensions().get().map(|RefusalMark(kind)| *kind)
}
