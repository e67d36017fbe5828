//! Returns the tokens of a session, and renews them when it is due.

mod flight;

use std::sync::Arc;
use std::time::Duration;

use axum_protected::__browser::SessionError;
use tokio::time::timeout;

use self::flight::Flight;
use super::due::Due;
use super::flights::Flights;
use super::outcomes::{Outcome, Outcomes};
use super::token_renewal::TokenRenewal;
use crate::session::SessionRecord;
use crate::sessions::{NamedSession, Sessions};
use crate::telemetry;

/// The longest time for which a request waits for new tokens.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest time for which a request waits that has a valid token.
const PATIENCE_WITH_TOKEN: Duration = Duration::from_secs(2);

/// The tokens of a session, or the reason why there are none.
pub(super) type Renewed = Result<Arc<SessionRecord>, SessionError>;

/// Keeps the access tokens of sessions fresh. A clone is cheap and shares the flights.
#[derive(Clone)]
pub(crate) struct Refresher(Arc<Inner>);

struct Inner {
    sessions: Arc<Sessions>,
    provider: Arc<dyn TokenRenewal>,
    flights: Flights<Renewed>,
    outcomes: Outcomes,
}

impl Refresher {
    pub(crate) fn new(sessions: Arc<Sessions>, provider: Arc<dyn TokenRenewal>) -> Self {
        let (flights, outcomes) = (Flights::default(), Outcomes::default());
        Self(Arc::new(Inner { sessions, provider, flights, outcomes }))
    }

    /// Returns a session with a valid access token. Renews a token that has expired or expires soon.
    ///
    /// While the access token is valid, a failed refresh is not an error.
    pub(crate) async fn fresh(&self, session: &NamedSession) -> Renewed {
        let record = self.0.load(session).await?.ok_or(SessionError::Ended)?;
        match Due::of(&record, self.0.provider.now()) {
            Due::Later => Ok(record),
            Due::Over => {
                self.0.drop_session(session).await;
                Err(SessionError::Ended)
            }
            Due::Soon if self.0.is_paused(&record, true) => Ok(record),
            Due::Soon => match self.renew(session, PATIENCE_WITH_TOKEN).await {
                Err(SessionError::Unavailable) => self.0.still_valid(record),
                renewed => renewed,
            },
            Due::Expired if self.0.is_paused(&record, false) => Err(SessionError::Unavailable),
            Due::Expired => self.renew(session, PATIENCE).await,
        }
    }

    /// Ends a session, and returns it with its newest tokens. Returns `None` if it has ended before.
    pub(crate) async fn end(
        &self,
        session: &NamedSession,
    ) -> Result<Option<Arc<SessionRecord>>, SessionError> {
        match self.0.sessions.end(session, self.0.provider.now()).await {
            Ok(record) => Ok(record.map(|record| self.0.outcomes.newest(record))),
            Err(error) => {
                telemetry::session_not_ended(&error);
                Err(SessionError::Unavailable)
            }
        }
    }

    async fn renew(&self, session: &NamedSession, patience: Duration) -> Renewed {
        let begin = |landing| {
            Flight { inner: Arc::clone(&self.0), session: session.clone(), landing }.run()
        };
        let renewed = timeout(patience, self.0.flights.join(session.name(), begin)).await;
        match renewed {
            Ok(Some(Ok(record))) => self.0.still_valid(record),
            Ok(Some(Err(error))) => Err(error),
            // The flight takes too long and goes on, or it was interrupted.
            Ok(None) | Err(_) => Err(SessionError::Unavailable),
        }
    }
}

impl Inner {
    /// Reads a session with the newest tokens that are known for it.
    async fn load(
        &self,
        session: &NamedSession,
    ) -> Result<Option<Arc<SessionRecord>>, SessionError> {
        match self.sessions.load(session, self.provider.now()).await {
            Ok(record) => Ok(record.map(|record| self.outcomes.newest(record))),
            Err(error) => {
                telemetry::session_not_read(&error);
                Err(SessionError::Unavailable)
            }
        }
    }

    /// Ends a session. If the store fails, the session cannot be renewed any more, and ends by itself.
    async fn drop_session(&self, session: &NamedSession) {
        if let Err(error) = self.sessions.end(session, self.provider.now()).await {
            telemetry::session_not_ended(&error);
        }
    }

    /// Returns true if the last refresh failed a short time ago, so that the provider is not asked
    /// again yet. A session with a valid token also waits after the provider has refused its refresh
    /// token: another instance may have used it and be about to save the new tokens.
    fn is_paused(&self, record: &SessionRecord, has_valid_token: bool) -> bool {
        let outcome = record.refresh_token.as_deref().and_then(|token| self.outcomes.of(token));
        match outcome {
            Some(Outcome::Failed) => true,
            Some(Outcome::Refused) => has_valid_token,
            Some(Outcome::Renewed(_)) | None => false,
        }
    }

    fn still_valid(&self, record: Arc<SessionRecord>) -> Renewed {
        match Due::of(&record, self.provider.now()) {
            Due::Later | Due::Soon => Ok(record),
            Due::Expired => Err(SessionError::Unavailable),
            Due::Over => Err(SessionError::Ended),
        }
    }
}

#[cfg(test)]
mod tests;
