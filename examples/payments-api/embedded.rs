//! The authorization server of the demonstration, and the resource server that trusts it.

use std::error::Error;
use std::io;

use axum_protected::dpop::Dpop;
use axum_protected::{Algorithm, Issuer, ResourceServer, Scopes};
use axum_protected_testing::{AuthorizationServer, Client};

use crate::client::Registration;
use crate::payments::{CONSENT_TYPE, Scope};

/// The identifier of the client, and its secret.
const CLIENT: (&str, &str) = ("payments-client", "a development secret");

/// The redirect URI of the client. Nothing listens there: the demonstration reads the code from the
/// redirect itself.
const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

/// A client for programs that a reader tries: it is public, and may use any port (RFC 8252 section
/// 7.3).
const PROGRAM: (&str, &str) = ("payments-app", "http://127.0.0.1/callback");

pub(crate) async fn authorization_server() -> io::Result<AuthorizationServer> {
    let client = Client::confidential(CLIENT.0, CLIENT.1)
        .redirect_uri(REDIRECT_URI)
        .dpop_bound_access_tokens()
        .require_pushed_authorization_requests();
    AuthorizationServer::builder()
        .client(client)
        .client(Client::public(PROGRAM.0).redirect_uri(PROGRAM.1))
        .scopes(Scope::ALL.iter().map(|scope| scope.name))
        .authorization_details_types([CONSENT_TYPE])
        .acr_values(["phr"])
        .require_dpop_nonce()
        .start()
        .await
}

/// Builds the resource server. `origin` is the URL of this program.
pub(crate) fn resource_server(
    issuer: &AuthorizationServer,
    origin: &str,
) -> Result<ResourceServer, Box<dyn Error>> {
    let server = ResourceServer::builder()
        .issuer(Issuer::new(issuer.issuer()))
        .algorithms([Algorithm::RS256])
        .resource(origin)
        .dpop(Dpop::new().required().nonce());
    Ok(server.build()?)
}

/// Returns the registration of the client of the demonstration.
pub(crate) fn registration() -> Registration {
    Registration {
        id: CLIENT.0.to_owned(),
        secret: CLIENT.1.to_owned(),
        redirect_uri: REDIRECT_URI.to_owned(),
    }
}

/// Prints the names by which other programs can get tokens.
pub(crate) fn announce(issuer: &AuthorizationServer) {
    println!("issuer {}", issuer.issuer());
    println!("client {}, secret \"{}\", redirect URI {REDIRECT_URI}", CLIENT.0, CLIENT.1);
    println!("client {}, without a secret, redirect URI {} with any port", PROGRAM.0, PROGRAM.1);
}
