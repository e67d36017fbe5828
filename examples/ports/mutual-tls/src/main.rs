//! An API that terminates TLS itself, for clients whose tokens are bound to a certificate (RFC 8705).
//!
//! The files that `TLS_CERTIFICATES` and `TLS_KEY` name contain the certificates and the key of this
//! server in PEM. The variables of `ResourceServer::from_env` name the issuer.

mod certificate_acceptor;
mod client_verifier;
#[cfg(test)]
mod tests;

use std::env;
use std::error::Error;
use std::net::{SocketAddr, TcpListener};

use axum::Router;
use axum_protected::router::RouterError;
use axum_protected::routing::get;
use axum_protected::{AccessToken, ProtectedRouter, ResourceServer, protected, public};
use axum_server::Handle;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::certificate_acceptor::CertificateAcceptor;

#[protected(scope = "accounts:read")]
async fn accounts(token: AccessToken) -> String {
    match token.proof() {
        Some(proof) => format!("a caller with the proof {}", proof.name()),
        None => "a caller with a bearer token".to_owned(),
    }
}

fn routes() -> ProtectedRouter<ResourceServer> {
    ProtectedRouter::new()
        .route("/accounts", get(accounts))
        .route("/", get(public("help", async || "the accounts are at /accounts")))
}

fn app(server: ResourceServer) -> Result<Router, RouterError> {
    routes().with_state(server).into_router()
}

/// Serves the application over TLS until the handle stops it.
async fn serve(
    listener: TcpListener,
    tls: ServerConfig,
    app: Router,
    handle: Handle<SocketAddr>,
) -> std::io::Result<()> {
    listener.set_nonblocking(true)?;
    axum_server::from_tcp(listener)?
        .acceptor(CertificateAcceptor::new(tls))
        .handle(handle)
        .serve(app.into_make_service_with_connect_info::<SocketAddr>())
        .await
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let certificates = CertificateDer::pem_file_iter(env::var("TLS_CERTIFICATES")?)?;
    let key = PrivateKeyDer::from_pem_file(env::var("TLS_KEY")?)?;
    let tls = client_verifier::server_config(certificates.collect::<Result<_, _>>()?, key)?;
    let listener = TcpListener::bind("127.0.0.1:3443")?;
    let app = app(ResourceServer::from_env()?)?;
    Ok(serve(listener, tls, app, Handle::new()).await?)
}
