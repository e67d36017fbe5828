//! The sessions of a backend, in the place that is configured: a store of the server, or the cookies
//! of the browsers.

mod begin_error;
mod cookie_place;
mod endings;
mod sealed_session;
mod stored_place;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::http::HeaderValue;

use self::cookie_place::CookiePlace;
use self::sealed_session::SealedSession;
use self::stored_place::StoredPlace;
use crate::cookie::Cookie;
use crate::seal::SealingKeys;
use crate::session::{SessionKey, SessionName, SessionRecord};
use crate::store::{SessionStore, StoreError};

pub(crate) use self::begin_error::BeginError;

/// The sessions of a backend.
pub(crate) struct Sessions {
    cookie: Cookie,
    place: Place,
}

enum Place {
    Stored(StoredPlace),
    Cookie(CookiePlace),
}

/// The session that the cookie of a request names. It may have ended.
#[derive(Debug, Clone)]
pub(crate) enum NamedSession {
    Stored(SessionKey),
    Sealed(Arc<SealedSession>),
}

impl Sessions {
    /// Creates sessions that this store keeps.
    pub(crate) fn stored(cookie: Cookie, store: Arc<dyn SessionStore>) -> Self {
        Self { cookie, place: Place::Stored(StoredPlace::new(store)) }
    }

    /// Creates sessions that live in their cookies, for at most the time `limit`.
    pub(crate) fn sealed(cookie: Cookie, keys: Arc<SealingKeys>, limit: Duration) -> Self {
        Self { cookie, place: Place::Cookie(CookiePlace::new(keys, limit)) }
    }

    /// Returns the name and the attributes of the cookie.
    pub(crate) fn cookie(&self) -> &Cookie {
        &self.cookie
    }

    /// Begins a session, and returns the line that sets its cookie. The browser keeps the cookie
    /// until it is closed.
    pub(crate) async fn begin(
        &self,
        record: SessionRecord,
        now: SystemTime,
    ) -> Result<HeaderValue, BeginError> {
        match &self.place {
            Place::Stored(place) => {
                let id = place.begin(record, now).await?;
                self.cookie.set(id.as_str(), None).ok_or(BeginError::Cookie)
            }
            Place::Cookie(place) => place.begin(&self.cookie, &record),
        }
    }

    /// Returns the session that the value of a cookie names. Returns `None` for a value that this
    /// backend has not written, or whose key was removed.
    pub(crate) fn find(&self, value: &str) -> Option<NamedSession> {
        match &self.place {
            Place::Stored(_) => StoredPlace::find(value).map(NamedSession::Stored),
            Place::Cookie(place) => place.find(&self.cookie, value).map(NamedSession::Sealed),
        }
    }

    /// Returns the record of a session. Returns `None` if the session has ended.
    pub(crate) async fn load(
        &self,
        session: &NamedSession,
        now: SystemTime,
    ) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        match (&self.place, session) {
            (Place::Stored(place), NamedSession::Stored(key)) => place.load(*key, now).await,
            (Place::Cookie(place), NamedSession::Sealed(session)) => Ok(place.load(session)),
            _ => Ok(None),
        }
    }

    /// Saves new tokens of a session, and returns true. Returns false if the session has ended
    /// meanwhile, or if the tokens do not fit into its cookie, which ends it.
    pub(crate) async fn replace(
        &self,
        session: &NamedSession,
        record: &Arc<SessionRecord>,
        now: SystemTime,
    ) -> Result<bool, StoreError> {
        match (&self.place, session) {
            (Place::Stored(place), NamedSession::Stored(key)) => {
                place.replace(*key, Arc::clone(record), now).await
            }
            (Place::Cookie(place), NamedSession::Sealed(session)) => {
                Ok(place.replace(&self.cookie, session, record, now))
            }
            _ => Ok(false),
        }
    }

    /// Returns the line that sets the cookie of a session to these tokens, if the tokens live in
    /// the cookie, which has others, and the session has not ended meanwhile.
    pub(crate) fn renewed_cookie(
        &self,
        session: &NamedSession,
        record: &SessionRecord,
    ) -> Option<HeaderValue> {
        match (&self.place, session) {
            (Place::Cookie(place), NamedSession::Sealed(session)) => {
                place.renewed_cookie(&self.cookie, session, record)
            }
            _ => None,
        }
    }

    /// Ends a session, and returns its last record.
    pub(crate) async fn end(
        &self,
        session: &NamedSession,
        now: SystemTime,
    ) -> Result<Option<Arc<SessionRecord>>, StoreError> {
        match (&self.place, session) {
            (Place::Stored(place), NamedSession::Stored(key)) => place.end(*key, now).await,
            (Place::Cookie(place), NamedSession::Sealed(session)) => Ok(place.end(session, now)),
            _ => Ok(None),
        }
    }

    /// Ends all sessions that belong to this session at the provider.
    pub(crate) async fn end_provider_session(
        &self,
        provider_session: &str,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        match &self.place {
            Place::Stored(place) => place.end_provider_session(provider_session, now).await,
            Place::Cookie(place) => {
                place.end_provider_session(provider_session, now);
                Ok(())
            }
        }
    }

    /// Ends all sessions of a subject.
    pub(crate) async fn end_subject(
        &self,
        subject: &str,
        now: SystemTime,
    ) -> Result<(), StoreError> {
        match &self.place {
            Place::Stored(place) => place.end_subject(subject, now).await,
            Place::Cookie(place) => {
                place.end_subject(subject, now);
                Ok(())
            }
        }
    }
}

impl NamedSession {
    pub(crate) fn name(&self) -> SessionName {
        match self {
            Self::Stored(key) => key.lookup,
            Self::Sealed(session) => session.name,
        }
    }
}
