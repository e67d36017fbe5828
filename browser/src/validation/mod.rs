//! Checks the settings of a backend, and builds it.

mod addresses;
mod authorization_request;
mod client;
mod sealing_keys;
mod session;
#[cfg(test)]
mod tests;
mod text_file;

use std::sync::Arc;

use axum_protected::__browser::{self as interface, Provider};

use crate::backend::{BrowserBackend, Inner};
use crate::error::ConfigError;
use crate::refresh::{ProviderRenewal, Refresher};
use crate::settings::BrowserBackendBuilder;
use crate::sign_in::UsedStates;
use crate::token_endpoint::TokenEndpoint;
use crate::token_revocation::TokenRevocation;

impl BrowserBackendBuilder {
    /// Builds the backend. The server must require https
    /// ([`require_https`](axum_protected::ResourceServerBuilder::require_https), which loopback
    /// satisfies), because the cookie of a session is a credential. A server has one backend.
    ///
    /// The method does not wait for the provider. The metadata of the provider is fetched when the
    /// first user signs in, so that an application can start while its provider is down.
    ///
    /// Sessions are on the server, in the memory of this process, unless the settings name another
    /// place:
    ///
    /// | | `memory_sessions` | `sessions_in` | `sealed` |
    /// |---|---|---|---|
    /// | place | memory of this process | a store | the cookie |
    /// | a restart signs out the users | yes | no | no |
    /// | several instances | no | yes | only if the provider does not rotate refresh tokens |
    /// | back-channel logout ends the session | yes | yes | in this process only |
    /// | a stolen cookie after the sign-out | useless | useless | works until the provider refuses to renew its tokens |
    /// | an answer that was on its way during the sign-out | changes nothing | changes nothing | can bring the session back |
    /// | size of the tokens | no limit | no limit | 4096 bytes, with the name of the cookie; a sign-in with more fails |
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
        let keys = self.keys(&mut problems);
        let (Some(provider), Some(client), Some(addresses), Some(keys), []) =
            (provider, client, addresses, keys, problems.as_slice())
        else {
            return Err(ConfigError::new(problems));
        };
        if !interface::set_session_cookie(&self.server, &session_cookie.name) {
            let problem = "the server has a backend for browsers already: build one backend, and \
                           clone it";
            return Err(ConfigError::new(vec![problem.to_owned()]));
        }
        let sessions = Arc::new(self.sessions(session_cookie, keys.sessions, &provider));
        let token_endpoint = TokenEndpoint::new(provider.clone(), client.clone());
        let token_revocation = TokenRevocation::new(provider.clone(), client.clone());
        let renewal = ProviderRenewal {
            provider: provider.clone(),
            client: client.clone(),
            token_endpoint: token_endpoint.clone(),
            token_revocation: token_revocation.clone(),
        };
        Ok(BrowserBackend::new(Inner {
            token_endpoint,
            token_revocation,
            refresher: Refresher::new(Arc::clone(&sessions), Arc::new(renewal)),
            server: self.server,
            provider,
            client,
            addresses,
            scope,
            authorization_parameters: self.authorization_parameters,
            session_limit: self.session_limit,
            sessions,
            login_keys: keys.login,
            used_states: UsedStates::default(),
        }))
    }
}
