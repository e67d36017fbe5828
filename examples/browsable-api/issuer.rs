//! Who signs in the users of the page.

use std::io;

use axum_protected::Scopes;
use axum_protected::testing::{AuthorizationServer, Client};

use super::document;
use super::items::Scope;

/// The page, to the issuer.
pub(crate) const CLIENT_ID: &str = "swagger-ui";

/// An issuer that sends users back to the page at these origins.
pub(crate) async fn start(origins: &[String]) -> io::Result<AuthorizationServer> {
    let page = origins
        .iter()
        .map(|origin| format!("{origin}{}/oauth2-redirect.html", document::PATH))
        .fold(Client::public(CLIENT_ID), Client::redirect_uri);
    AuthorizationServer::builder()
        .client(page)
        .scopes(Scope::ALL.iter().map(|scope| scope.name))
        .start()
        .await
}
