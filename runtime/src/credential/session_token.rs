//! The token of a browser's session, attached to the requests of the session.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::request::Parts;
use http::{Extensions, HeaderValue};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use super::{Credential, Presentation};
use crate::error::Fault;

/// The time within which a source must answer. Afterwards the session counts as unavailable.
const LIMIT: Duration = Duration::from_secs(30);

/// The source of a session's access token. A guard asks it when it needs the token.
pub trait SessionSource: Send + Sync {
    /// Returns the access token of the session. The source renews a token that expires soon.
    fn access_token(&self) -> SessionFuture<'_>;
}

/// The future of a session's access token.
pub type SessionFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HeaderValue, SessionError>> + Send + 'a>>;

/// The reason why a session has no access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "a private interface between two crates")]
pub enum SessionError {
    /// The session has ended or never existed.
    Ended,
    /// The session could not be read, or its token could not be renewed. It may work later.
    Unavailable,
}

/// The token of a session, as an extension of a request. The token is never in a header, so that
/// handlers and logs do not see it.
///
/// All guards and extractors of a request ask the source once, together.
#[derive(Clone)]
pub struct SessionToken(Presented);

#[derive(Clone)]
enum Presented {
    /// The request has several cookies of the session's name.
    Several,
    One(Arc<Session>),
}

struct Session {
    source: Box<dyn SessionSource>,
    /// `None` in the cell if the source did not answer in time. Nothing asks it again.
    token: OnceCell<Option<Result<HeaderValue, SessionError>>>,
}

impl SessionToken {
    /// Attaches the token of a session to a request. The function replaces the token that an
    /// earlier layer attached.
    pub fn attach(extensions: &mut Extensions, source: impl SessionSource + 'static) {
        let session = Session { source: Box::new(source), token: OnceCell::new() };
        extensions.insert(Self(Presented::One(Arc::new(session))));
    }

    /// Records that a request has several cookies of the session's name. Guards refuse it.
    pub fn attach_several(extensions: &mut Extensions) {
        extensions.insert(Self(Presented::Several));
    }

    fn credential(&self) -> Result<Credential<'_>, Fault> {
        let Presented::One(session) = &self.0 else {
            return Err(Fault::SeveralSessionCookies);
        };
        match session.token.get() {
            None | Some(None) => Err(Fault::SessionNotLoaded),
            Some(Some(Ok(line))) => {
                let text = line.as_bytes();
                Ok(Credential { presentation: Presentation::Session, line, text })
            }
            Some(Some(Err(SessionError::Ended))) => Err(Fault::SessionHasEnded),
            Some(Some(Err(SessionError::Unavailable))) => Err(Fault::SessionNotAvailable),
        }
    }
}

/// Asks the session of a request for its token, if the request has one and nothing has asked before.
/// The question ends if the source does not answer in time, for all readers of the request together.
pub(crate) async fn load_session(parts: &Parts) {
    if let Some(SessionToken(Presented::One(session))) = parts.extensions.get::<SessionToken>() {
        session
            .token
            .get_or_init(async || timeout(LIMIT, session.source.access_token()).await.ok())
            .await;
    }
}

/// Returns the session token of a request, or `None` if the request has no session.
pub(super) fn credential(parts: &Parts) -> Option<Result<Credential<'_>, Fault>> {
    parts.extensions.get::<SessionToken>().map(SessionToken::credential)
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SessionToken").finish_non_exhaustive()
    }
}
