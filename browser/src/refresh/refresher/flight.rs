//! The task that refreshes one session.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum_protected::__browser::SessionError;
use tokio::time::{Instant, sleep};

use super::{Inner, Renewed};
use crate::refresh::due::Due;
use crate::refresh::flights::Landing;
use crate::refresh::outcomes::{MEMORY, Outcome};
use crate::refresh::token_renewal::RenewalError;
use crate::session::SessionRecord;
use crate::sessions::NamedSession;
use crate::telemetry;
use crate::token_endpoint::Tokens;

/// The pauses before a session is read again whose refresh token was refused. Another instance that
/// has used the token needs a moment to save the new ones.
const READ_AGAIN_AFTER: [Duration; 2] = [Duration::ZERO, Duration::from_millis(500)];

/// The first pause before the store is asked again to save a session. Each further pause is twice as
/// long.
const SAVE_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// A flight of one session.
pub(super) struct Flight {
    pub(super) inner: Arc<Inner>,
    pub(super) session: NamedSession,
    pub(super) landing: Landing<Renewed>,
}

impl Flight {
    /// Reads the session again, and renews its tokens if this is still due.
    pub(super) async fn run(self) {
        let record = match self.inner.load(&self.session).await {
            Ok(Some(record)) => record,
            Ok(None) => return self.landing.publish(Err(SessionError::Ended)),
            Err(error) => return self.landing.publish(Err(error)),
        };
        let refresh_token = record.refresh_token.as_deref().unwrap_or_default();
        match Due::of(&record, self.inner.provider.now()) {
            // Another flight, or another instance, has renewed the tokens.
            Due::Later => self.landing.publish(Ok(record)),
            Due::Over => self.end().await,
            Due::Soon => self.ask_provider(&record, refresh_token).await,
            Due::Expired => match self.inner.outcomes.of(refresh_token) {
                Some(Outcome::Refused) => self.refused(&record, refresh_token).await,
                _ => self.ask_provider(&record, refresh_token).await,
            },
        }
    }

    async fn ask_provider(&self, record: &SessionRecord, refresh_token: &str) {
        match self.inner.provider.renew(record).await {
            Ok(tokens) => {
                let renewed = renewed(record, tokens, self.inner.provider.now());
                self.save(refresh_token, Arc::new(renewed)).await;
            }
            Err(RenewalError::Refused) => {
                self.inner.outcomes.remember(refresh_token, Outcome::Refused);
                self.refused(record, refresh_token).await;
            }
            Err(RenewalError::OtherSubject(error)) => {
                telemetry::session_of_other_subject(&error);
                self.end().await;
            }
            Err(RenewalError::Unavailable(error)) => {
                telemetry::session_not_renewed(&error);
                self.inner.outcomes.remember(refresh_token, Outcome::Failed);
                self.landing.publish(Err(SessionError::Unavailable));
            }
        }
    }

    /// Ends the session of a refused refresh token, unless its access token is still valid, or another
    /// instance has renewed the session.
    async fn refused(&self, record: &SessionRecord, refresh_token: &str) {
        if Due::of(record, self.inner.provider.now()) == Due::Soon {
            return self.landing.publish(Err(SessionError::Unavailable));
        }
        for pause in READ_AGAIN_AFTER {
            sleep(pause).await;
            match self.inner.load(&self.session).await {
                Ok(Some(found)) if found.refresh_token.as_deref() != Some(refresh_token) => {
                    return self.landing.publish(Ok(found));
                }
                Ok(Some(_)) => {}
                Ok(None) => return self.landing.publish(Err(SessionError::Ended)),
                Err(error) => return self.landing.publish(Err(error)),
            }
        }
        telemetry::session_refused();
        self.end().await;
    }

    async fn end(&self) {
        self.inner.drop_session(&self.session).await;
        self.landing.publish(Err(SessionError::Ended));
    }

    /// Saves the new tokens. While the store fails, requests use the tokens from the memory of this
    /// process, and the store is asked again.
    async fn save(&self, refresh_token: &str, renewed: Arc<SessionRecord>) {
        let begin = Instant::now();
        let mut pause = SAVE_AGAIN_AFTER;
        loop {
            let now = self.inner.provider.now();
            let saved = self.inner.sessions.replace(&self.session, &renewed, now).await;
            if saved == Ok(false) {
                return self.drop_tokens(refresh_token, &renewed).await;
            }
            let outcome = Outcome::Renewed(Arc::clone(&renewed));
            self.inner.outcomes.remember(refresh_token, outcome);
            self.landing.publish(Ok(Arc::clone(&renewed)));
            let Err(error) = saved else { return telemetry::session_renewed() };
            if begin.elapsed() > MEMORY {
                return telemetry::session_lost(&error);
            }
            telemetry::session_not_saved(&error);
            sleep(pause).await;
            pause = pause.saturating_mul(2);
        }
    }

    /// Drops the new tokens of a session that ended during its refresh.
    async fn drop_tokens(&self, refresh_token: &str, renewed: &SessionRecord) {
        self.inner.outcomes.forget(refresh_token);
        self.landing.publish(Err(SessionError::Ended));
        if let Some(unused) = &renewed.refresh_token {
            self.inner.provider.revoke(unused).await;
        }
    }
}

/// Returns the session with new tokens. A response without a refresh token or an ID token keeps the
/// old one (RFC 6749 section 6, OpenID Connect Core section 12.2).
fn renewed(record: &SessionRecord, tokens: Tokens, now: SystemTime) -> SessionRecord {
    SessionRecord {
        access_token: tokens.access_token,
        access_token_received_at: now,
        access_token_expires_at: tokens.access_token_expires_at,
        refresh_token: tokens.refresh_token.or_else(|| record.refresh_token.clone()),
        id_token: tokens.id_token.or_else(|| record.id_token.clone()),
        ..record.clone()
    }
}
