//! The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1).

use url::Url;

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::redirect_uri::RedirectUri;
use super::registered_clients::Registration;
use super::requested_sign_in::RequestedSignIn;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) requested: RequestedSignIn,
    pub(super) redirect_target: RedirectTarget,
}

/// The address and the state for the redirect from the server back to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RedirectTarget {
    pub(super) redirect_uri: RedirectUri,
    state: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum RequestError {
    /// An error that the server shows to the user. The server must not redirect to an address that
    /// is not registered for the client (RFC 6749 section 4.1.2.1, RFC 9700 section 4.11).
    ToUser(OAuthError),
    /// An error that the server sends to the client through the redirect.
    ToClient(Box<RedirectTarget>, OAuthError),
}

impl AuthorizationRequest {
    pub(super) fn read(
        parameters: &Parameters,
        registration: &Registration,
    ) -> Result<Self, RequestError> {
        let (client_id, redirect_uri) =
            client(parameters, registration).map_err(RequestError::ToUser)?;
        let state = parameters.get("state");
        let redirect_target = RedirectTarget {
            redirect_uri,
            state: state.as_ref().ok().copied().flatten().map(str::to_owned),
        };
        let requested = state.and_then(|_| RequestedSignIn::read(parameters, registration));
        match requested {
            Ok(requested) => Ok(Self { client_id, requested, redirect_target }),
            Err(error) => Err(RequestError::ToClient(Box::new(redirect_target), error)),
        }
    }
}

/// Returns the id of the client, and the redirect URI of the request. The parameter `redirect_uri`
/// is required, so that the server always compares the requested redirect URI with the registered
/// redirect URIs.
fn client(
    parameters: &Parameters,
    registration: &Registration,
) -> Result<(String, RedirectUri), OAuthError> {
    let client = registration
        .client(parameters.required("client_id")?)
        .ok_or_else(|| ErrorCode::InvalidRequest.because("`client_id` is not registered"))?;
    let uri = client.redirect_uri(parameters.required("redirect_uri")?).ok_or_else(|| {
        ErrorCode::InvalidRequest.because("`redirect_uri` is not registered for this client")
    })?;
    Ok((client.id.clone(), uri))
}

impl RedirectTarget {
    /// Returns the redirect URI with the parameters of the response in the query (RFC 6749 section
    /// 4.1.2). The parameter `iss` tells a client of several authorization servers which server has
    /// responded (RFC 9207).
    pub(super) fn with(&self, answer: &[(&str, &str)], issuer: &str) -> Url {
        let mut url = self.redirect_uri.url.clone();
        let mut query = url.query_pairs_mut();
        query.extend_pairs(answer).append_pair("iss", issuer);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        drop(query);
        url
    }
}

#[cfg(test)]
#[path = "authorization_request/tests.rs"]
mod tests;
