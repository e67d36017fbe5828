//! Sessions that live in their cookies.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;

use super::BeginError;
use super::endings::{Ended, Endings};
use super::sealed_session::SealedSession;
use crate::cookie::{Cookie, VALUE_LIMIT};
use crate::seal::{Purpose, SealingKeys};
use crate::session::{SessionId, SessionName, SessionRecord};
use crate::telemetry;

/// The sessions in cookies, and the memory of those that have ended.
///
/// A cookie stays valid after the end of its session. Only this process knows the end, and only
/// until it stops: another instance accepts the cookie until the provider refuses its refresh token.
pub(super) struct CookiePlace {
    keys: Arc<SealingKeys>,
    /// The longest duration of a session.
    limit: Duration,
    endings: Endings,
}

impl CookiePlace {
    pub(super) fn new(keys: Arc<SealingKeys>, limit: Duration) -> Self {
        Self { keys, limit, endings: Endings::default() }
    }

    pub(super) fn begin(
        &self,
        cookie: &Cookie,
        record: &SessionRecord,
    ) -> Result<HeaderValue, BeginError> {
        let name = SessionId::random()?.key().lookup;
        self.line(cookie, name, record)
    }

    pub(super) fn find(&self, cookie: &Cookie, value: &str) -> Option<Arc<SealedSession>> {
        let content = self.keys.open(Purpose::Session, &cookie.name, value)?;
        SealedSession::read(&content).map(Arc::new)
    }

    pub(super) fn load(&self, session: &SealedSession) -> Option<Arc<SessionRecord>> {
        let SealedSession { name, record } = session;
        (!self.endings.concern(*name, record)).then(|| Arc::clone(record))
    }

    /// Returns false if the session has ended, or if the tokens do not fit into the cookie. A session
    /// whose tokens do not fit ends: without the new refresh token it has no future.
    pub(super) fn replace(
        &self,
        cookie: &Cookie,
        session: &SealedSession,
        record: &SessionRecord,
        now: SystemTime,
    ) -> bool {
        if self.endings.concern(session.name, &session.record) {
            return false;
        }
        match self.line(cookie, session.name, record) {
            Ok(_) => true,
            Err(error) => {
                telemetry::session_too_long(&error);
                self.end(session, now);
                false
            }
        }
    }

    pub(super) fn renewed_cookie(
        &self,
        cookie: &Cookie,
        session: &SealedSession,
        record: &SessionRecord,
    ) -> Option<HeaderValue> {
        let is_current = session.record.has_tokens_of(record);
        if is_current || self.endings.concern(session.name, &session.record) {
            return None;
        }
        self.line(cookie, session.name, record).ok()
    }

    pub(super) fn end(
        &self,
        session: &SealedSession,
        now: SystemTime,
    ) -> Option<Arc<SessionRecord>> {
        let record = self.load(session);
        self.record(Ended::Session(session.name), now, session.record.ends_at);
        record
    }

    pub(super) fn end_provider_session(&self, provider_session: &str, now: SystemTime) {
        self.record(Ended::ProviderSession(provider_session), now, self.latest_end(now));
    }

    pub(super) fn end_subject(&self, subject: &str, now: SystemTime) {
        self.record(Ended::Subject(subject), now, self.latest_end(now));
    }

    fn record(&self, ended: Ended<'_>, now: SystemTime, until: SystemTime) {
        if !self.endings.record(ended, now, until) {
            telemetry::endings_forgotten();
        }
    }

    /// Returns the time at which all sessions of this time have reached their limit.
    fn latest_end(&self, now: SystemTime) -> SystemTime {
        now.checked_add(self.limit).unwrap_or(now)
    }

    fn line(
        &self,
        cookie: &Cookie,
        name: SessionName,
        record: &SessionRecord,
    ) -> Result<HeaderValue, BeginError> {
        let content = SealedSession::write(name, record).ok_or(BeginError::Cookie)?;
        let value = self.keys.seal(Purpose::Session, &cookie.name, &content)?;
        let length = cookie.name.len().saturating_add(value.len());
        if length > VALUE_LIMIT {
            return Err(BeginError::TooLong { length });
        }
        cookie.set(&value, None).ok_or(BeginError::Cookie)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::sample_record;
    use crate::settings::SameSite;

    #[test]
    fn a_session_that_a_browser_would_not_store_does_not_begin() {
        let keys = Arc::new(SealingKeys::random().unwrap());
        let place = CookiePlace::new(keys, Duration::from_secs(8 * 3600));
        let cookie = Cookie::new("session", SameSite::Lax);
        let mut lengths = Vec::new();
        for length in (2_000..3_000).step_by(10) {
            let record = SessionRecord { access_token: "a".repeat(length), ..sample_record() };
            match place.begin(&cookie, &record) {
                Ok(line) => {
                    let line = line.to_str().unwrap();
                    let value = line.split_once(';').unwrap().0.strip_prefix("__Host-session=");
                    let stored = "__Host-session".len() + value.unwrap().len();
                    assert!(stored <= 4096 && lengths.is_empty(), "{stored}");
                }
                Err(BeginError::TooLong { length }) => lengths.push(length),
                Err(error) => panic!("{error}"),
            }
        }
        assert!(lengths.first().is_some_and(|first| (4097..4120).contains(first)), "{lengths:?}");
        let error = BeginError::TooLong { length: 5000 }.to_string();
        assert!(error.contains("5000 bytes") && error.contains("4096"), "{error}");
    }
}
