//! Maps each `RefusalKind` to the HTTP status and the challenge's `error`. This file is the only
//! place with this mapping.

use http::StatusCode;

use crate::error::RefusalKind;

pub(super) fn status(kind: RefusalKind) -> StatusCode {
    response(kind).0
}

/// Returns the `error` of the challenge. Returns `None` for a request without authentication
/// information (RFC 6750 section 3.1) and for a 5xx status.
pub(super) fn error_code(kind: RefusalKind) -> Option<&'static str> {
    response(kind).1
}

/// Returns the status and the challenge's `error` for a kind. The `match` has no wildcard, so that
/// the compiler reports a new variant that has no status.
fn response(kind: RefusalKind) -> (StatusCode, Option<&'static str>) {
    use RefusalKind as Kind;
    match kind {
        Kind::MissingToken => (StatusCode::UNAUTHORIZED, None),
        Kind::InvalidRequest | Kind::InsecureTransport => {
            (StatusCode::BAD_REQUEST, Some("invalid_request"))
        }
        Kind::MalformedToken
        | Kind::EncryptedToken
        | Kind::UnsupportedAlgorithm
        | Kind::UnsupportedExtension
        | Kind::WrongType
        | Kind::UnknownIssuer
        | Kind::UnknownKey
        | Kind::UnsuitableKey
        | Kind::InvalidSignature
        | Kind::MalformedClaim
        | Kind::MissingClaim
        | Kind::Expired
        | Kind::NotYetValid
        | Kind::WrongAudience
        | Kind::Revoked
        | Kind::BoundToken
        | Kind::UnboundToken
        | Kind::WrongProofKey
        | Kind::ProofRequired
        | Kind::InactiveToken
        | Kind::UnexpectedClaims
        | Kind::UnknownApiKey
        | Kind::ExpiredApiKey
        | Kind::SessionEnded => (StatusCode::UNAUTHORIZED, Some("invalid_token")),
        // Other credentials do not help, so the refusal has no challenge.
        Kind::CrossSiteRequest => (StatusCode::FORBIDDEN, None),
        // RFC 9449 section 7.1.
        Kind::InvalidDpopProof => (StatusCode::UNAUTHORIZED, Some("invalid_dpop_proof")),
        // RFC 9449 section 9.
        Kind::UseDpopNonce => (StatusCode::UNAUTHORIZED, Some("use_dpop_nonce")),
        // RFC 9470 section 3.
        Kind::InsufficientAuthentication => {
            (StatusCode::UNAUTHORIZED, Some("insufficient_user_authentication"))
        }
        Kind::InsufficientScope | Kind::UndemandedDetails | Kind::Denied => {
            (StatusCode::FORBIDDEN, Some("insufficient_scope"))
        }
        Kind::ClaimsType | Kind::ValueNotLoaded => (StatusCode::INTERNAL_SERVER_ERROR, None),
        Kind::KeysUnavailable
        | Kind::ApiKeysUnavailable
        | Kind::SessionUnavailable
        | Kind::ProofsUnavailable
        | Kind::RevocationsUnavailable
        | Kind::IntrospectionUnavailable => (StatusCode::SERVICE_UNAVAILABLE, None),
    }
}
