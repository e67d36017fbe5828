//! Refuses tokens with authorization details where no guard of the request demands details, if the
//! configuration says so: the guards would grant more than the user permitted in detail.

use http::request::Parts;

use super::guarded_request::combination;
use crate::identity::AccessToken;
use crate::policy::Operation;
use crate::server::ResourceServer;

/// Records that a guard of the request demanded authorization details and admitted the token. Later
/// guards of the request then admit a token with details too.
#[derive(Clone, Copy)]
struct DetailsDemanded;

/// Returns true if the server refuses the token, because the token has authorization details and
/// neither this operation nor an earlier guard of the request demands any. Details for other APIs
/// count too: a token that is limited to them is not a token without limits.
#[inline]
pub(super) fn refuses_details(
    parts: &Parts,
    server: &ResourceServer,
    operation: &Operation,
    token: &AccessToken,
) -> bool {
    server.refuses_undemanded_details() && has_undemanded(parts, operation, token)
}

#[cold]
#[inline(never)]
fn has_undemanded(parts: &Parts, operation: &Operation, token: &AccessToken) -> bool {
    token.has_authorization_details()
        && !demands_details(parts, operation)
        && parts.extensions.get::<DetailsDemanded>().is_none()
}

/// Returns true if the operation or another one of the same route demands authorization details.
fn demands_details(parts: &Parts, operation: &Operation) -> bool {
    operation.demands_details
        || combination(parts, operation).is_some_and(|combined| combined.demands_details)
}

/// Records that this operation has admitted the token of the request, if it demands authorization
/// details. A guard that refuses the token records nothing, because an application may continue
/// with the request, as a middleware with `Result<Authorized<P>, Refusal>` does.
#[inline]
pub(super) fn note_admission(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &Operation,
    token: &AccessToken,
) {
    if server.refuses_undemanded_details()
        && token.has_authorization_details()
        && demands_details(parts, operation)
    {
        parts.extensions.insert(DetailsDemanded);
    }
}
