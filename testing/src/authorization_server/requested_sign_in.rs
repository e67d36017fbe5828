//! The sign-in, and the access, that an authorization request asks for.

use super::access::Access;
use super::error::{ErrorCode, OAuthError};
use super::parameters::Parameters;
use super::pkce::CodeChallenge;
use super::registered_clients::Registration;
use super::requested_acr::requested_acr;
use crate::digest::decode;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RequestedSignIn {
    /// The access that the client requests from the user.
    pub(super) access: Access,
    /// The class of the sign-in.
    pub(super) acr: Option<String>,
    /// The value that the ID token repeats, so that the client recognises an ID token of another
    /// sign-in.
    pub(super) nonce: Option<String>,
    pub(super) code_challenge: CodeChallenge,
    /// The thumbprint of the key whose proof the token request must have (RFC 9449 section 10).
    pub(super) dpop_jkt: Option<String>,
}

impl RequestedSignIn {
    pub(super) fn read(
        parameters: &Parameters,
        registration: &Registration,
    ) -> Result<Self, OAuthError> {
        if parameters.required("response_type")? != "code" {
            return Err(ErrorCode::UnsupportedResponseType.because("`response_type` is not `code`"));
        }
        refuse_unsupported(parameters)?;
        let method = parameters.get("code_challenge_method")?;
        Ok(Self {
            code_challenge: CodeChallenge::read(parameters.required("code_challenge")?, method)?,
            access: Access::read(parameters, &registration.user_scopes, registration)?,
            acr: requested_acr(parameters, &registration.acr_values)?,
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
