//! The ID token (OpenID Connect Core section 2).

use aws_lc_rs::digest::{SHA256, digest};
use axum_protected::Algorithm;

use super::grant::{Grant, SignIn};
use crate::digest::encode;
use crate::token::TokenBuilder;

/// The algorithm that clients expect where they have not registered another one (OpenID Connect
/// Registration section 2, `id_token_signed_response_alg`).
pub(super) const ALGORITHM: Algorithm = Algorithm::RS256;

/// Changes an access token for the audience `grant.client_id` into an ID token.
///
/// A resource server must not accept an ID token as an access token. The header `typ`, the client
/// as audience and `at_hash` tell the two apart.
pub(super) fn id_token(
    token: TokenBuilder,
    grant: &Grant,
    sign_in: &SignIn,
    access_token: &str,
) -> TokenBuilder {
    let token = token
        .algorithm(ALGORITHM)
        .header("typ", "JWT")
        .subject(&grant.subject)
        .without("client_id")
        .without("jti")
        .claim("azp", grant.client_id.as_str())
        .claim("sid", sign_in.session.as_str())
        .claim("auth_time", sign_in.auth_time)
        .claim("at_hash", at_hash(access_token));
    let token = match &sign_in.acr {
        Some(acr) => token.claim("acr", acr.as_str()),
        None => token,
    };
    match &sign_in.nonce {
        Some(nonce) => token.claim("nonce", nonce.as_str()),
        None => token,
    }
}

/// Returns the base64url of the left half of the digest of the access token (OpenID Connect Core
/// section 3.1.3.6). The digest is that of the signature algorithm.
fn at_hash(access_token: &str) -> String {
    let digest = digest(&SHA256, access_token.as_bytes());
    let octets = digest.as_ref();
    encode(octets.split_at(octets.len() / 2).0)
}

#[cfg(test)]
mod tests {
    use super::at_hash;

    #[test]
    fn the_hash_is_that_of_the_specification() {
        // The access token and the `at_hash` are those of OpenID Connect Core appendix A.3.
        assert_eq!(
            at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
    }
}
