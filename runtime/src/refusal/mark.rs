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

/// Marks the response as a refusal of this kind.
pub(super) fn mark(response: &mut Response, kind: RefusalKind) {
    response.extensions_mut().insert(RefusalMark(kind));
}

/// Marks the response of a check. If the response is already marked, it is the refusal of a policy
/// that runs as a check, and its mark is more exact.
pub(super) fn mark_response_of_check(response: &mut Response, kind: RefusalKind) {
    if response.extensions().get::<RefusalMark>().is_none() {
        mark(response, kind);
    }
}

/// Returns the kind of the refusal, or `None` if the response is not a refusal of this crate.
#[cfg(feature = "__testing")]
pub(crate) fn refusal_kind(response: &Response) -> Option<RefusalKind> {
    response.extensions().get().map(|RefusalMark(kind)| *kind)
}
