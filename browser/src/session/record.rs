//! The record of a session.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// The user, the tokens and the times of a session. The `Debug` output contains no tokens.
///
/// Its JSON has short names and times in whole seconds, because it must fit in a cookie.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SessionRecord {
    /// The `sub` of the ID token.
    #[serde(rename = "sub")]
    pub(crate) subject: String,
    /// The `sid` of the ID token: the session at the provider.
    #[serde(rename = "sid", default, skip_serializing_if = "Option::is_none")]
    pub(crate) provider_session: Option<String>,
    /// The `nonce` of the sign-in, which an ID token at a refresh repeats or leaves out.
    pub(crate) nonce: String,
    #[serde(rename = "at")]
    pub(crate) access_token: String,
    /// The begin of the lifetime, of which a part is the margin for the refresh.
    #[serde(rename = "rcv", with = "super::unix_seconds")]
    pub(crate) access_token_received_at: SystemTime,
    #[serde(rename = "exp", with = "super::unix_seconds")]
    pub(crate) access_token_expires_at: SystemTime,
    #[serde(rename = "rt", default, skip_serializing_if = "Option::is_none")]
    pub(crate) refresh_token: Option<String>,
    /// The ID token, as the hint of the sign-out. `None` in a sealed session.
    #[serde(rename = "idt", default, skip_serializing_if = "Option::is_none")]
    pub(crate) id_token: Option<String>,
    /// The time before the request for the first tokens. An end of the user's sessions after this
    /// time ends this session too, even if it was not stored yet.
    #[serde(rename = "began", with = "super::unix_seconds")]
    pub(crate) began_at: SystemTime,
    /// The end of the session, whatever its tokens say.
    #[serde(rename = "ends", with = "super::unix_seconds")]
    pub(crate) ends_at: SystemTime,
}

impl SessionRecord {
    /// Returns true if both records have the same tokens. A provider may renew the access token
    /// alone, or the refresh token alone.
    pub(crate) fn has_tokens_of(&self, other: &Self) -> bool {
        self.access_token == other.access_token && self.refresh_token == other.refresh_token
    }

    /// Returns the number of bytes of the texts in the record.
    pub(crate) fn length(&self) -> usize {
        let texts = [
            Some(&self.subject),
            self.provider_session.as_ref(),
            Some(&self.nonce),
            Some(&self.access_token),
            self.refresh_token.as_ref(),
            self.id_token.as_ref(),
        ];
        texts.into_iter().flatten().map(String::len).fold(0, usize::saturating_add)
    }
}

impl fmt::Debug for SessionRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SessionRecord")
            .field("began_at", &self.began_at)
            .field("ends_at", &self.ends_at)
            .finish_non_exhaustive()
    }
}
