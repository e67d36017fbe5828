//! The authorization server of the demonstration, and the resource server that trusts it.

use std::error::Error;
use std::io;
use std::time::Duration;

use axum_protected::dpop::Dpop;
use axum_protected::introspection::{Introspection, Mode};
use axum_protected::{Issuer, ResourceServer, Scopes};
use axum_protected_testing::{AuthorizationServer, Client, ProtectedResource};

use crate::client::Registration;
use crate::payments::{CONSENT_TYPE, Scope};

/// The identifier of the client, and its secret.
const CLIENT: (&str, &str) = ("payments-client", "a development secret");

/// The redirect URI of the client. Nothing listens there: the demonstration reads the code from the
/// redirect itself.
const REDIRECT_URI: &str = "http://127.0.0.1:9/callback";

/// The identifier and the redirect URI of a client for programs that a reader tries. It is public,
/// and may use any port (RFC 8252 section 7.3).
const PROGRAM: (&str, &str) = ("payments-app", "http://127.0.0.1/callback");

/// The identifier of this API at the authorization server, and its secret.
const API: (&str, &str) = ("payments-api", "another development secret");

/// Starts the authorization server. `origin` is the URL of this program.
pub(crate) async fn authorization_server(origin: &str) -> io::Result<AuthorizationServer> {
    let client = Client::confidential(CLIENT.0, CLIENT.1)
        .redirect_uri(REDIRECT_URI)
        .dpop_bound_access_tokens()
        .require_pushed_authorization_requests()
        .opaque_access_tokens();
    AuthorizationServer::builder()
        .client(client)
        .client(Client::public(PROGRAM.0).redirect_uri(PROGRAM.1))
        .protected_resource(ProtectedResource::confidential(API.0, API.1).audience(origin))
        .scopes(Scope::ALL.iter().map(|scope| scope.name))
        .authorization_details_types([CONSENT_TYPE])
        .acr_values(["phr"])
        .require_dpop_nonce()
        .start()
        .await
}

/// Builds the resource server. With `fapi2`, the build fails if a setting permits less than the FAPI
/// 2.0 Security Profile demands. `origin` is the URL of this program.
pub(crate) fn resource_server(
    issuer: &AuthorizationServer,
    origin: &str,
) -> Result<ResourceServer, Box<dyn Error>> {
    // Each request asks for the status of its token, so that a revoked token makes no payment.
    let introspection = Introspection::new()
        .mode(Mode::Only)
        .client_id(API.0)
        .client_secret(API.1)
        .cache_period(Duration::ZERO);
    // Nobody can make proofs in advance, because each proof contains a nonce of this server.
    let dpop = Dpop::new().required().nonce();
    let server = ResourceServer::builder()
        .issuer(Issuer::new(issuer.issuer()).introspection(introspection))
        .resource(origin)
        .dpop(dpop)
        // A token for a payment does not also list the accounts.
        .refuse_undemanded_details()
        .fapi2();
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
