//! The embedded issuer, which signs in the users of the Swagger UI page.

use std::io;

use axum_protected::Scopes;
use axum_protected_testing::{AuthorizationServer, Client};

use super::document;
use super::items::Scope;

/// The client id of the Swagger UI page.
pub(crate) const CLIENT_ID: &str = "swagger-ui";

/// The client id and secret of a script that gets a token without a user.
const SCRIPT: (&str, &str) = ("script", "a development secret");

/// Starts an issuer with the Swagger UI page as a client. The redirect URIs of this client are on
/// these origins.
pub(crate) async fn start(origins: &[String]) -> io::Result<AuthorizationServer> {
    let page = origins
        .iter()
        .map(|origin| format!("{origin}{}/oauth2-redirect.html", document::PATH))
        .fold(Client::public(CLIENT_ID), Client::redirect_uri);
    AuthorizationServer::builder()
        .client(page)
        .client(Client::confidential(SCRIPT.0, SCRIPT.1))
        .scopes(Scope::ALL.iter().map(|scope| scope.name))
        .start()
        .await
}

/// Returns the `curl` command with which a script gets a token (RFC 6749 section 4.4).
pub(crate) fn request(issuer: &AuthorizationServer) -> String {
    let (id, secret) = SCRIPT;
    let endpoint = issuer.token_endpoint();
    let scopes = Scope::ALL.iter().map(|scope| scope.name).collect::<Vec<_>>().join(" ");
    format!(
        "curl -su '{id}:{secret}' -d grant_type=client_credentials --data-urlencode 'scope={scopes}' {endpoint}"
    )
}
