//! The errors that clients receive (RFC 6749 sections 4.1.2.1 and 5.2).

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::WWW_AUTHENTICATE;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The error code of OAuth, and a description for the developer of the client. The description
/// contains names of request parameters, but never their values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OAuthError {
    pub(super) code: ErrorCode,
    pub(super) description: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ErrorCode {
    /// RFC 9396 section 5.
    InvalidAuthorizationDetails,
    InvalidRequest,
    InvalidClient,
    /// RFC 9449 section 5.
    InvalidDpopProof,
    InvalidGrant,
    InvalidScope,
    /// RFC 8707 section 2.
    InvalidTarget,
    /// OpenID Connect Core section 3.1.2.6, as the next two.
    LoginRequired,
    RequestNotSupported,
    RequestUriNotSupported,
    UnauthorizedClient,
    /// RFC 9470 section 5.
    UnmetAuthenticationRequirements,
    UnsupportedGrantType,
    UnsupportedResponseType,
    /// RFC 9449 section 8.
    UseDpopNonce,
}

impl ErrorCode {
    pub(super) fn because(self, description: impl Into<String>) -> OAuthError {
        OAuthError { code: self, description: description.into() }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::LoginRequired => "login_required",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UseDpopNonce => "use_dpop_nonce",
        }
    }
}

/// Makes the error response of an endpoint that is not for browsers.
impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let Self { code, description } = self;
        let body = Json(json!({ "error": code.name(), "error_description": description }));
        if code == ErrorCode::InvalidClient {
            // RFC 6749 section 5.2: a 401 names the scheme for client authentication.
            let challenge = [(WWW_AUTHENTICATE, r#"Basic realm="authorization server""#)];
            return (StatusCode::UNAUTHORIZED, challenge, body).into_response();
        }
        (StatusCode::BAD_REQUEST, body).into_response()
    }
}
