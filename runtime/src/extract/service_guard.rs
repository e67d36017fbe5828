//! The guard of a service that is not a handler.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use super::Authorized;
use crate::check::CheckList;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::server::HasResourceServer;

/// Admits a request to a service if the token of the request satisfies the policy `P`. Inserts the
/// token into the extensions of the request, because a service cannot extract it with the state of
/// the guard.
///
/// The token replaces an `AccessToken` that is in the extensions already. It may come from a guard
/// of another server, whose settings give the same token other roles or another client.
///
/// The guard decides by its own policy whether the service shows a page. A guard in front of it that
/// admits navigations from other sites does not open it to them.
pub(crate) async fn admit_to_service<P, S>(parts: &mut Parts, state: &S) -> Result<(), Refusal>
where
    P: Policy<Checks: CheckList<S>> + 'static,
    S: HasResourceServer + Send + Sync + 'static,
{
    state.resource_server().leave_page(parts);
    let guard = Authorized::<P>::from_request_parts(parts, state).await?;
    parts.extensions.insert(guard.into_token());
    Ok(())
}
