//! The authorization request (RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1).

use axum_protected::__browser::ProviderMetadata;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use url::Url;

use crate::backend::Inner;
use crate::sign_in::PendingSignIn;

/// Returns the address at the provider to which the browser is sent.
pub(super) fn authorization_url(
    backend: &Inner,
    metadata: &ProviderMetadata,
    sign_in: &PendingSignIn,
) -> Url {
    // The verifier has 43 characters, so that this function does not panic.
    let verifier = PkceCodeVerifier::new(sign_in.verifier.clone());
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
    let endpoint = AuthUrl::from_url(metadata.authorization_endpoint.clone());
    let client = BasicClient::new(ClientId::new(backend.client.id.clone()))
        .set_auth_uri(endpoint)
        .set_redirect_uri(RedirectUrl::from_url(backend.addresses.redirect_uri.clone()));
    let mut request = client
        .authorize_url(|| CsrfToken::new(sign_in.state().to_owned()))
        .add_scope(Scope::new(backend.scope.clone()))
        .set_pkce_challenge(challenge)
        .add_extra_param("nonce", sign_in.nonce.as_str());
    for (name, value) in &backend.authorization_parameters {
        request = request.add_extra_param(name.as_str(), value.as_str());
    }
    request.url().0
}
