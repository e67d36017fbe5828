//! The settings of a transmitter of security events.

use std::fmt;
use std::future::Future;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

use super::further_revocations::FurtherRevocations;
use super::received_event::ReceivedEvent;
use crate::algorithm::Algorithm;
use crate::revocation::Revocation;

/// Settings of a transmitter whose security events revoke tokens, for
/// [`ResourceServerBuilder::event_transmitter`](crate::ResourceServerBuilder::event_transmitter).
///
/// A transmitter is often an issuer of the server too. It may also be another system, such as one
/// that watches devices; [`about`](Self::about) then says whose tokens it may revoke.
///
/// ```no_run
/// use axum_protected::ResourceServer;
/// use axum_protected::security_event::EventTransmitter;
///
/// let transmitter = EventTransmitter::new("https://id.example.com")
///     .audience("https://api.example.com/security-events")
///     .push_authorization_file("/run/secrets/stream-authorization");
/// let server = ResourceServer::builder()
///     .issuer("https://id.example.com")
///     .audience("https://api.example.com")
///     .event_transmitter(transmitter)
///     .build()?;
/// # Ok::<(), axum_protected::ConfigError>(())
/// ```
///
/// In a configuration file, an entry of `event_transmitters` has the field `issuer`, the lists
/// `audiences` and `about`, and fields with the names of the other methods. The field
/// `poll_endpoint` stands for [`poll`](Self::poll).
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[must_use = "a transmitter has no effect until a builder has it"]
pub struct EventTransmitter {
    pub(crate) issuer: String,
    #[serde(default)]
    pub(crate) audiences: Vec<String>,
    #[serde(default)]
    pub(crate) about: Vec<String>,
    pub(crate) push_authorization: Option<String>,
    pub(crate) push_authorization_file: Option<PathBuf>,

    #[serde(default)]
    pub(crate) own_keys: bool,
    pub(crate) metadata_url: Option<String>,
    pub(crate) jwks_uri: Option<String>,
    pub(crate) jwks: Option<Value>,
    pub(crate) jwks_file: Option<PathBuf>,
    pub(crate) algorithms: Option<Vec<Algorithm>>,

    pub(crate) poll_endpoint: Option<String>,
    pub(crate) poll_authorization: Option<String>,
    pub(crate) poll_bearer_file: Option<PathBuf>,

    #[serde(default)]
    pub(crate) insecure_http: bool,
    pub(crate) ca_file: Option<PathBuf>,

    #[serde(skip)]
    pub(crate) further_revocations: Option<FurtherRevocations>,
}

impl EventTransmitter {
    /// Creates the settings of the transmitter with this identifier: the `iss` of its events.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            audiences: Vec::new(),
            about: Vec::new(),
            push_authorization: None,
            push_authorization_file: None,
            own_keys: false,
            metadata_url: None,
            jwks_uri: None,
            jwks: None,
            jwks_file: None,
            algorithms: None,
            poll_endpoint: None,
            poll_authorization: None,
            poll_bearer_file: None,
            insecure_http: false,
            ca_file: None,
            further_revocations: None,
        }
    }

    /// Adds an accepted `aud` of the events: the identifier that the transmitter has for this
    /// receiver. At least one is needed. An event for another audience is refused.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Permits events about the tokens of this issuer of the server. Events about the tokens of an
    /// issuer that is not permitted are refused. Default: the transmitter may only speak of its own
    /// tokens.
    pub fn about(mut self, issuer: impl Into<String>) -> Self {
        self.about.push(issuer.into());
        self
    }

    /// Sets the whole value of the `Authorization` header that the transmitter sends with each event
    /// that it pushes. The setting of the transmitter is often called `authorization_header`.
    /// Default: the header is not read, and the signature alone authenticates an event.
    ///
    /// The value is a secret. Read it from the environment, or use
    /// [`push_authorization_file`](Self::push_authorization_file).
    pub fn push_authorization(mut self, value: impl Into<String>) -> Self {
        self.push_authorization = Some(value.into());
        self
    }

    /// Sets the file that contains the value of [`push_authorization`](Self::push_authorization). It
    /// is read when the server is built. Whitespace at its end does not count.
    pub fn push_authorization_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.push_authorization_file = Some(path.into());
        self
    }

    /// Sets a function that returns the revocations which an event causes beside those that the
    /// server makes itself. It can find the subject of an e-mail address in a database, for example,
    /// or act on events that have no effect by default.
    ///
    /// The revocations must be about issuers that the transmitter may speak of. While the function
    /// returns an error, the event is not acknowledged, so that the transmitter sends it again.
    ///
    /// ```
    /// use std::convert::Infallible;
    ///
    /// use axum_protected::revocation::Revocation;
    /// use axum_protected::security_event::{EventTransmitter, ReceivedEvent};
    ///
    /// # async fn subject_of(_: &str) -> Option<String> { None }
    /// const ISSUER: &str = "https://id.example.com";
    ///
    /// let transmitter = EventTransmitter::new(ISSUER).further_revocations(
    ///     async |event: ReceivedEvent| {
    ///         let email = event.subject().and_then(|subject| subject.get("email")?.as_str());
    ///         let subject = match email {
    ///             Some(email) if event.ends_sessions() => subject_of(email).await,
    ///             _ => None,
    ///         };
    ///         let revocation =
    ///             subject.map(|subject| Revocation::subject(ISSUER, subject, event.time()));
    ///         Ok::<_, Infallible>(revocation.into_iter().collect())
    ///     },
    /// );
    /// ```
    pub fn further_revocations<F, A, E>(mut self, revocations: F) -> Self
    where
        F: Fn(ReceivedEvent) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Vec<Revocation>, E>> + Send + 'static,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        self.further_revocations = Some(FurtherRevocations::new(revocations));
        self
    }
}

/// Omits the authorization.
impl fmt::Debug for EventTransmitter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventTransmitter")
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}
