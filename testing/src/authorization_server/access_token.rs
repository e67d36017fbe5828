//! The access token of a grant (RFC 9068 section 2.2).

use super::grant::Grant;
use crate::token::TokenBuilder;

/// Adds the claims of the grant to an access token. The claims are the same in a JWT and in an
/// answer about an opaque token.
pub(super) fn access_token(token: TokenBuilder, grant: &Grant) -> TokenBuilder {
    let access = &grant.access;
    let mut token = token
        .subject(&grant.subject)
        .claim("client_id", grant.client_id.as_str())
        .claim("aud", audience(&access.audience));
    if let Some(sign_in) = &grant.sign_in {
        token = token.claim("sid", sign_in.session.as_str()).claim("auth_time", sign_in.auth_time);
        if let Some(acr) = &sign_in.acr {
            token = token.claim("acr", acr.as_str());
        }
    }
    if let Some(confirmation) = grant.confirmation.claim() {
        token = token.claim("cnf", confirmation);
    }
    if !access.details.is_empty() {
        token = token.claim("authorization_details", access.details.clone());
    }
    if access.scope.is_empty() { token } else { token.scope(&access.scope.join(" ")) }
}

/// Returns the value of the claim `aud`: a text for one audience, an array for several (RFC 7519
/// section 4.1.3).
fn audience(audiences: &[String]) -> serde_json::Value {
    match audiences {
        [one] => one.as_str().into(),
        several => several.into(),
    }
}
