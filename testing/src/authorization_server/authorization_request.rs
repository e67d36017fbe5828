//! What a client asks of a user (RFC 6749 section 4.1.1).

use url::Url;

use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::pkce::CodeChallenge;
use super::redirect_uri::RedirectUri;
use super::registration::Registration;
use super::requested_scope::requested;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AuthorizationRequest {
    pub(super) client_id: String,
    pub(super) scope: Vec<String>,
    pub(super) code_challenge: CodeChallenge,
    pub(super) way_back: WayBack,
}

/// How the user gets back to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WayBack {
    pub(super) redirect_uri: RedirectUri,
    state: Option<String>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// Said to the user. Nobody is sent to an address that is not known to be the client's
    /// (RFC 6749 section 4.1.2.1, RFC 9700 section 4.11).
    Here(OAuthError),
    /// Said to the client.
    ToClient(Box<WayBack>, OAuthError),
}

impl AuthorizationRequest {
    pub(super) fn read(
        parameters: &Parameters,
        registration: &Registration,
    ) -> Result<Self, Refused> {
        let (client_id, redirect_uri) = client(parameters, registration).map_err(Refused::Here)?;
        let state = parameters.get("state");
        let way_back = WayBack {
            redirect_uri,
            state: state.as_ref().ok().copied().flatten().map(str::to_owned),
        };
        let asked = state.and_then(|_| asked(parameters, registration));
        match asked {
            Ok((scope, code_challenge)) => Ok(Self { client_id, scope, code_challenge, way_back }),
            Err(error) => Err(Refused::ToClient(Box::new(way_back), error)),
        }
    }
}

/// Who asks. The redirect URI may not be left out: what is compared is said.
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
    Ok((client.id.clone(), uri.clone()))
}

fn asked(
    parameters: &Parameters,
    registration: &Registration,
) -> Result<(Vec<String>, CodeChallenge), OAuthError> {
    if parameters.required("response_type")? != "code" {
        return Err(ErrorCode::UnsupportedResponseType.because("`response_type` is not `code`"));
    }
    let method = parameters.get("code_challenge_method")?;
    let challenge = CodeChallenge::read(parameters.required("code_challenge")?, method)?;
    let scope = requested(parameters.get("scope")?, &registration.scopes)?;
    Ok((scope, challenge))
}

impl WayBack {
    /// The redirect URI with the answer in its query (RFC 6749 section 4.1.2), and with the issuer,
    /// which tells a client of several servers which one answers (RFC 9207).
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
