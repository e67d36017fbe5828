//! Ends the sessions of users, and tells the clients.

use std::io;

use tokio::time::Instant;

use super::AuthorizationServer;
use super::grant::Grant;
use super::issuing::Issuing;
use super::logout_token::logout_token;

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
}

impl Issuing {
    /// Ends the sessions for which `is_meant` returns true, and returns their number.
    pub(super) async fn end_sessions(
        &self,
        is_meant: impl Fn(&Grant) -> bool,
    ) -> io::Result<usize> {
        let ended = self.grants().end_sessions(is_meant, Instant::now());
        for session in ended.iter().filter_map(Grant::session) {
            self.tokens.end_session(session);
        }
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
