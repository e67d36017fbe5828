//! Checks the settings of a backend, and builds it.

mod addresses;
mod authorization_request;
mod client;
mod sealing_keys;
mod session;
mod text_file;

use axum_protected::__browser::{self as interface, Provider};

pub(crate) use self::addresses::{Addresses, Paths};
pub(crate) use self::client::Client;

use crate::backend::{BrowserBackend, Inner};
use crate::error::ConfigError;
use crate::settings::BrowserBackendBuilder;
use crate::token_endpoint::TokenEndpoint;

impl BrowserBackendBuilder {
    /// Builds the backend. The server must require https
    /// ([`require_https`](axum_protected::ResourceServerBuilder::require_https), which loopback
    /// satisfies), because the cookie of a session is a credential.
    ///
    /// # Errors
    ///
    /// Returns one error that lists all problems of the configuration.
    pub fn build(self) -> Result<BrowserBackend, ConfigError> {
        let mut problems = Vec::new();
        if !interface::requires_https(&self.server) {
            let problem = "the server accepts credentials without TLS: set `require_https` at the \
                           server";
            problems.push(problem.to_owned());
        }
        let provider = Provider::new(&self.server, self.issuer.as_deref());
        let provider = provider.map_err(|problem| problems.push(problem)).ok();
        let client = self.client(&mut problems);
        let addresses = self.addresses(&mut problems);
        let scope = self.scope(&mut problems);
        self.check_authorization_parameters(&mut problems);
        let session_cookie = self.session_cookie(&mut problems);
        self.check_session_settings(&mut problems);
        let place = self.place(&mut problems);
        let (Some(provider), Some(client), Some(addresses), Some(place), []) =
            (provider, client, addresses, place, problems.as_slice())
        else {
            return Err(ConfigError::new(problems));
        };
        if !interface::set_session_cookie(&self.server, &session_cookie.name) {
            let problem = "the server has a backend for browsers already: build one backend, and \
                           clone it";
            return Err(ConfigError::new(vec![problem.to_owned()]));
        }
        Ok(BrowserBackend::new(Inner {
            token_endpoint: TokenEndpoint::new(provider.clone(), client.clone()),
            server: self.server,
            provider,
            client,
            addresses,
            scope,
            authorization_parameters: self.authorization_parameters,
            session_cookie,
            session_limit: self.session_limit,
            session_place: place.session_place,
            login_keys: place.login_keys,
        }))
    }
}
