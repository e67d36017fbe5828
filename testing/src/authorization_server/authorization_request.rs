//! The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1).

use url::Url;

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::pkce::CodeChallenge;
use super::redirect_uri::RedirectUri;
use super::registered_clients::Registration;
use super::requested_scope::requested;
use super::resource::audience;
use crate::digest::decode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) access: RequestedAccess,
    pub(super) redirect_target: RedirectTarget,
}

/// The access that a client requests from the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestedAccess {
    pub(super) scope: Vec<String>,
    pub(super) audience: String,
    /// The value that the ID token repeats, so that the client recognises an ID token of another
    /// sign-in.
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: CodeChallenge,
    /// The thumbprint of the key whose proof the token request must have (RFC 9449 section 10).
    pub(super) dpop_jkt: Option<String>,
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
        let access = state.and_then(|_| RequestedAccess::read(parameters, registration));
        match access {
            Ok(access) => Ok(Self { client_id, access, redirect_target }),
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

impl RequestedAccess {
    fn read(parameters: &Parameters, registration: &Registration) -> Result<Self, OAuthError> {
        if parameters.required("response_type")? != "code" {
            return Err(ErrorCode::UnsupportedResponseType.because("`response_type` is not `code`"));
        }
        refuse_unsupported(parameters)?;
        let method = parameters.get("code_challenge_method")?;
        Ok(Self {
            code_challenge: CodeChallenge::read(parameters.required("code_challenge")?, method)?,
            scope: requested(parameters.get("scope")?, &registration.user_scopes)?,
            audience: audience(parameters)?,
            nonce: parameters.get("nonce")?.map(str::to_owned),
            dpop_jkt: dpop_jkt(parameters)?,
        })
    }
}

fn dpop_jkt(parameters: &Parameters) -> Result<Option<String>, OAuthError> {
    let jkt = parameters.get("dpop_jkt")?;
    if jkt.is_some_and(|jkt| decode(jkt).is_none_or(|digest| digest.len() != 32)) {
        return Err(ErrorCode::InvalidRequest
            .because("`dpop_jkt` is not the base64url of a SHA-256 digest"));
    }
    Ok(jkt.map(str::to_owned))
}

/// Refuses the parameters of OpenID Connect that change the response and that this server does not
/// support. A client would take an ignored parameter for an accepted one.
fn refuse_unsupported(parameters: &Parameters) -> Result<(), OAuthError> {
    if parameters.get("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(ErrorCode::InvalidRequest.because("`response_mode` is not `query`"));
    }
    if parameters.get("request")?.is_some() {
        return Err(ErrorCode::RequestNotSupported.because("`request` is not supported"));
    }
    if parameters.get("request_uri")?.is_some() {
        return Err(ErrorCode::RequestUriNotSupported.because("`request_uri` is not supported"));
    }
    // Every sign-in needs the page, because the server has no sessions.
    if parameters.get("prompt")?.is_some_and(|prompt| prompt.split(' ').any(|one| one == "none")) {
        return Err(ErrorCode::LoginRequired.because("`prompt` is `none`"));
    }
    Ok(())
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
