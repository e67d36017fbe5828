//! Who signs in the users of the page.

use std::io;

use axum_protected::testing::{AuthorizationServer, Client};

use super::{document, items};

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
        .scopes(items::SCOPES.map(|(scope, _)| scope))
        .start()
        .await
}
