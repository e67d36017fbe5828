//! Starts an authorization server with a validated configuration.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;

use axum_protected::Issuer;
use tokio::net::TcpListener;

use super::endpoint_state::EndpointState;
use super::introspection::{Introspection, RegisteredResources};
use super::issued_tokens::IssuedTokens;
use super::issuing::Issuing;
use super::possession::Possession;
use super::registered_clients::Registration;
use super::routes::router;
use super::user_consents::Grants;
use super::{ALGORITHMS, AuthorizationServer};
use crate::signing_keys::SigningKeys;

/// The validated configuration of a server. Without a registration the server has no endpoints for
/// clients.
pub(super) struct Startup {
    pub(super) port: u16,
    pub(super) token_lifetime: Duration,
    pub(super) registration: Option<Registration>,
    pub(super) resources: Option<RegisteredResources>,
    pub(super) requires_dpop_nonce: bool,
}

impl AuthorizationServer {
    pub(super) async fn serve(startup: Startup) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, startup.port));
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let message = format!("the authorization server cannot listen on {address}: {error}");
            io::Error::new(error.kind(), message)
        })?;
        let issuer = format!("http://{}", listener.local_addr()?);
        let keys = Arc::new(RwLock::new(SigningKeys::generate(&ALGORITHMS)?));
        let tokens = Arc::<IssuedTokens>::default();
        let Startup { token_lifetime, registration, resources, requires_dpop_nonce, .. } = startup;
        let possession = Possession::new(&issuer, requires_dpop_nonce);
        let issuing = registration.map(|registration| {
            let issuer = issuer.clone();
            let (keys, tokens) = (Arc::clone(&keys), Arc::clone(&tokens));
            let grants = Mutex::new(Grants::new(token_lifetime));
            let token_endpoint = EndpointState::default();
            Arc::new(Issuing {
                issuer,
                registration,
                token_endpoint,
                tokens,
                possession,
                keys,
                token_lifetime,
                grants,
            })
        });
        let introspection = resources
            .map(|resources| Arc::new(Introspection::new(&issuer, resources, &keys, &tokens)));
        let router = router(&issuer, &keys, issuing.as_ref(), introspection.as_ref());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        let settings = Box::new(Issuer::new(issuer.as_str()));
        let task = serving.abort_handle();
        Ok(Self { issuer, settings, keys, issuing, introspection, tokens, task })
    }
}
