//! The session of one request, as the source of its access token.

use std::sync::{Arc, OnceLock};

use axum::http::header::SET_COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum_protected::__browser::{SessionError, SessionFuture, SessionSource};
use tokio::sync::OnceCell;

use crate::backend::BrowserBackend;
use crate::cookie::{self, CookieValue};
use crate::refresh::Refresher;
use crate::session::SessionRecord;
use crate::sessions::{NamedSession, Sessions};

/// The session that the cookie of a request names. It is read when a guard or a route asks for it,
/// and not for other requests. A clone shares the result.
#[derive(Clone)]
pub(crate) struct RequestSession(Arc<Shared>);

struct Shared {
    sessions: Arc<Sessions>,
    refresher: Refresher,
    /// The value of the cookie.
    value: String,
    /// `None` in the cell for a value that names no session.
    session: OnceLock<Option<NamedSession>>,
    record: OnceCell<Result<Arc<SessionRecord>, SessionError>>,
}

impl RequestSession {
    fn new(sessions: Arc<Sessions>, refresher: Refresher, value: &str) -> Self {
        Self(Arc::new(Shared {
            sessions,
            refresher,
            value: value.to_owned(),
            session: OnceLock::new(),
            record: OnceCell::new(),
        }))
    }

    fn is_of(&self, backend: &BrowserBackend) -> bool {
        Arc::ptr_eq(&self.0.sessions, &backend.inner().sessions)
    }

    /// Returns the session, which may have ended. Returns `None` if the cookie names no session.
    fn named(&self) -> Option<&NamedSession> {
        self.0.session.get_or_init(|| self.0.sessions.find(&self.0.value)).as_ref()
    }

    /// Returns the record of the session with a valid access token, which is renewed if it is due.
    pub(crate) async fn fresh(&self) -> Result<Arc<SessionRecord>, SessionError> {
        let read = || async {
            match self.named() {
                Some(session) => self.0.refresher.fresh(session).await,
                None => Err(SessionError::Ended),
            }
        };
        self.0.record.get_or_init(read).await.clone()
    }

    /// Adds the cookie of a session that lives in it to a response, if the session has new tokens. A
    /// response that sets the cookie itself is not changed.
    pub(crate) fn write_cookie(&self, headers: &mut HeaderMap) {
        if let Some(line) = self.changed_cookie()
            && !sets(headers, &self.0.sessions.cookie().name)
        {
            headers.append(SET_COOKIE, line);
        }
    }

    fn changed_cookie(&self) -> Option<HeaderValue> {
        let Shared { sessions, session, record, .. } = &*self.0;
        let record = record.get()?.as_ref().ok()?;
        sessions.renewed_cookie(session.get()?.as_ref()?, record)
    }
}

impl BrowserBackend {
    /// Returns the session of a request. Returns `None` for a request without the cookie, or with
    /// several ones.
    ///
    /// The layer of another backend of the application attaches its sessions in the same way.
    pub(crate) fn session(&self, parts: &Parts) -> Option<RequestSession> {
        let attached = parts.extensions.get::<RequestSession>();
        if let Some(session) = attached.filter(|session| session.is_of(self)) {
            return Some(session.clone());
        }
        match cookie::value(&parts.headers, &self.inner().sessions.cookie().name) {
            CookieValue::One(value) => Some(self.named_session(value)),
            CookieValue::Absent | CookieValue::Several => None,
        }
    }

    /// Returns the session that the value of a cookie names.
    pub(crate) fn named_session(&self, value: &str) -> RequestSession {
        let inner = self.inner();
        RequestSession::new(Arc::clone(&inner.sessions), inner.refresher.clone(), value)
    }
}

impl SessionSource for RequestSession {
    fn access_token(&self) -> SessionFuture<'_> {
        Box::pin(async {
            let record = self.fresh().await?;
            let token = HeaderValue::try_from(&record.access_token);
            let mut token = token.map_err(|_| SessionError::Unavailable)?;
            token.set_sensitive(true);
            Ok(token)
        })
    }
}

/// Returns true if a response sets the cookie with this name.
fn sets(headers: &HeaderMap, name: &str) -> bool {
    headers.get_all(SET_COOKIE).iter().any(|line| {
        let value = line.as_bytes().strip_prefix(name.as_bytes());
        value.is_some_and(|value| value.starts_with(b"="))
    })
}
