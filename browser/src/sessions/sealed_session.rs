//! The content of a session that lives in its cookie.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::session::{SessionId, SessionKey, SessionRecord};

/// A session that its cookie contains.
#[derive(Debug, Clone)]
pub(crate) struct SealedSession {
    /// The key stays the same in all cookies of the session.
    key: SessionKey,
    record: Arc<SessionRecord>,
}

/// The record in a cookie, with short names and times in seconds. It has no ID token: all three
/// tokens of a provider such as Keycloak are longer than a cookie may be.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content<'a> {
    k: String,
    s: &'a str,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    p: Option<String>,
    n: String,
    a: &'a str,
    v: u64,
    x: u64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    r: Option<String>,
    b: u64,
    e: u64,
}
