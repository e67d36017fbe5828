//! Refuses tokens with authorization details where no guard of the request demands details, if the
//! configuration says so: the guards would grant more than the user permitted in detail.

use http::request::Parts;

use super::guarded_request::combination;
use crate::identity::AccessToken;
use crate::policy::Operation;
use crate::server::ResourceServer;

/// Records that a guard of the request demands authorization details. Later guards of the request
/// then admit a token with details too.
#[derive(Clone, Copy)]
struct DetailsDemanded;

/// Returns true if the server refuses the token, because the token has authorization details and
/// neither this operation nor another guard of the request demands any. Details for other APIs
/// count too: a token that is limited to them is not a token without limits.
#[inline]
pub(super) fn refuses_details(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &Operation,
    token: &AccessToken,
) -> bool {
    server.refuses_undemanded_details() && has_undemanded(parts, operation, token)
}

#[cold]
#[inline(never)]
fn has_undemanded(parts: &mut Parts, operation: &Operation, token: &AccessToken) -> bool {
    if !token.has_authorization_details() {
        return false;
    }
    let is_demanded = operation.demands_details
        || combination(parts, operation).is_some_and(|combined| combined.demands_details);
    if is_demanded {
        parts.extensions.insert(DetailsDemanded);
    }
    !is_demanded && parts.extensions.get::<DetailsDemanded>().is_none()
}
