//! Ends the sessions of users, and tells the clients.

use std::io;

use tokio::time::Instant;

use super::AuthorizationServer;
use super::grant::Grant;
use super::issuing::Issuing;
use super::logout_token::logout_token;
use super::token_endpoint::TokenEndpoint;

impl AuthorizationServer {
    /// Ends all sessions of a user, and sends a logout token to each client that has a
    /// [`backchannel_logout_uri`](super::Client::backchannel_logout_uri). Returns the number of
    /// ended sessions. A session lasts from a sign-in to its logout, or to the end of its refresh
    /// token.
    ///
    /// ```no_run
    /// # async fn example(issuer: axum_protected_testing::AuthorizationServer) -> std::io::Result<()> {
    /// assert_eq!(issuer.log_out("alice").await?, 1);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a client does not answer with 200 or 204 within five seconds. The error
    /// names all such clients. The sessions have ended nevertheless.
    pub async fn log_out(&self, subject: &str) -> io::Result<usize> {
        self.end_sessions(|grant| grant.subject == subject).await
    }

    /// Ends the session with this `sid`, like [`log_out`](Self::log_out). Returns false if there is
    /// no such session.
    ///
    /// # Errors
    ///
    /// Returns the same error as [`log_out`](Self::log_out).
    pub async fn end_session(&self, session: &str) -> io::Result<bool> {
        let ended = self.end_sessions(|grant| grant.session() == Some(session)).await;
        ended.map(|number| number > 0)
    }

    async fn end_sessions(&self, is_meant: impl Fn(&Grant) -> bool) -> io::Result<usize> {
        match &self.issuing {
            Some(issuing) => issuing.end_sessions(is_meant).await,
            None => Ok(0),
        }
    }

    /// Returns the URL of the endpoint for logouts that a client starts through the browser (OpenID
    /// Connect RP-Initiated Logout 1.0). The endpoint exists only if a client is registered.
    #[must_use]
    pub fn end_session_endpoint(&self) -> String {
        format!("{}/logout", self.issuer)
    }

    /// Changes the behaviour of the token endpoint for all requests that come from now on.
    ///
    /// ```no_run
    /// # fn example(issuer: axum_protected_testing::AuthorizationServer) {
    /// use axum_protected_testing::TokenEndpoint;
    ///
    /// issuer.set_token_endpoint(TokenEndpoint::Unavailable);
    /// # }
    /// ```
    pub fn set_token_endpoint(&self, behaviour: TokenEndpoint) {
        if let Some(issuing) = &self.issuing {
            issuing.token_endpoint.set(behaviour);
        }
    }

    /// Returns the number of refresh requests that the token endpoint has received, refused and
    /// unanswered requests included.
    #[must_use]
    pub fn refreshes(&self) -> usize {
        self.issuing.as_ref().map_or(0, |issuing| issuing.token_endpoint.refreshes())
    }
}

impl Issuing {
    /// Ends the sessions for which `is_meant` returns true, and returns their number.
    pub(super) async fn end_sessions(
        &self,
        is_meant: impl Fn(&Grant) -> bool,
    ) -> io::Result<usize> {
        let ended = self.grants().end_sessions(is_meant, Instant::now());
        let mut failures = Vec::new();
        for grant in &ended {
            if let Err(error) = self.send_logout_token(grant).await {
                failures.push(format!("`{}`: {error}", grant.client_id));
            }
        }
        if failures.is_empty() {
            return Ok(ended.len());
        }
        let problem =
            format!("a client has not accepted its logout token: {}", failures.join("; "));
        Err(io::Error::other(problem))
    }

    async fn send_logout_token(&self, grant: &Grant) -> io::Result<()> {
        let client = self.registration.client(&grant.client_id);
        let Some(back_channel) = client.and_then(|client| client.back_channel.as_ref()) else {
            return Ok(());
        };
        let token = self.token(&grant.client_id);
        let session = grant.session().unwrap_or_default();
        back_channel.send(&logout_token(token, &grant.subject, session).sign()).await
    }
}
