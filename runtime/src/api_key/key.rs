//! An API key and the identity of its caller.

use std::fmt;
use std::time::SystemTime;

use serde_json::{Map, Value};

use super::digest::KeyDigest;

/// An API key: its digest and the identity of the caller that presents it.
///
/// The server makes claims of these settings. Policies, extractors and documents read them like the
/// claims of a token:
///
/// | setting | claim |
/// |---|---|
/// | | `iss` is `api-keys` |
/// | [`subject`](Self::subject) | `sub` |
/// | [`client`](Self::client) | `client_id` |
/// | [`scopes`](Self::scopes) | `scope` |
/// | [`roles`](Self::roles) | `roles` |
/// | [`expires_at`](Self::expires_at) | `exp` |
/// | [`claim`](Self::claim) | the claim with this name; `tenant` is the tenant |
///
/// ```
/// use axum_protected::api_key::{ApiKey, ApiKeys};
///
/// let generated = ApiKeys::generate("items")?;
/// let key = ApiKey::new(generated.digest()).subject("ci").scopes(["items:read"]).name("ci 2026");
/// # Ok::<(), axum_protected::api_key::ApiKeysError>(())
/// ```
///
/// `Debug` writes the name and the subject only.
#[derive(Clone, PartialEq)]
#[must_use = "a key has no effect until the server has it"]
pub struct ApiKey {
    pub(super) digest: KeyDigest,
    pub(super) name: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) client: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) roles: Vec<String>,
    pub(super) claims: Map<String, Value>,
    pub(super) expires_at: Option<SystemTime>,
}

impl ApiKey {
    /// Creates a key with this digest. The key also needs a [`subject`](Self::subject).
    pub fn new(digest: KeyDigest) -> Self {
        Self {
            digest,
            name: None,
            subject: None,
            client: None,
            scopes: Vec::new(),
            roles: Vec::new(),
            claims: Map::new(),
            expires_at: None,
        }
    }

    /// Sets the subject: the user or the program that owns the key. Several keys may have the same
    /// subject, so that a new key can replace an old one.
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets the client, which the `client` demand of a policy compares.
    pub fn client(mut self, client: impl Into<String>) -> Self {
        self.client = Some(client.into());
        self
    }

    /// Sets the scopes that the key grants. Default: none.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the roles that the key grants. Default: none.
    pub fn roles<S: Into<String>>(mut self, roles: impl IntoIterator<Item = S>) -> Self {
        self.roles = roles.into_iter().map(Into::into).collect();
        self
    }

    /// Sets a further claim. The claims of the table, other registered claims of JWTs and claims
    /// about the authentication of a user are reserved.
    pub fn claim(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.claims.insert(name.into(), value.into());
        self
    }

    /// Sets the time from which the server refuses the key, without leeway. Default: the key does
    /// not expire.
    pub fn expires_at(mut self, time: SystemTime) -> Self {
        self.expires_at = Some(time);
        self
    }

    /// Sets the name of the key for people and audit logs, for example `ci 2026`.
    /// [`AccessToken::api_key_name`](crate::AccessToken::api_key_name) returns it.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// Returns the digest of the key.
    #[must_use]
    pub fn digest(&self) -> KeyDigest {
        self.digest
    }

    /// Returns the text by which problems refer to this key.
    pub(super) fn label(&self, number: usize) -> String {
        let shown = self.name.as_deref().or(self.subject.as_deref()).filter(|text| is_short(text));
        shown.map_or_else(|| format!("API key {number}"), |text| format!("API key `{text}`"))
    }
}

/// Returns true if the text may be shown in a problem.
fn is_short(text: &str) -> bool {
    (1..=80).contains(&text.len()) && !text.contains(char::is_control)
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ApiKey")
            .field("name", &self.name)
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}
