//! The session that its cookie contains.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::session::{SessionName, SessionRecord};

/// A session that its cookie contains.
#[derive(Debug)]
pub(crate) struct SealedSession {
    /// The name stays the same in all cookies of a session.
    pub(super) name: SessionName,
    pub(super) record: Arc<SessionRecord>,
}

/// The content of the cookie. It has no ID token: three tokens of a provider such as Keycloak do not
/// fit into a cookie.
#[derive(Serialize, Deserialize)]
struct Content {
    #[serde(rename = "id")]
    name: String,
    #[serde(flatten)]
    record: SessionRecord,
}

impl SealedSession {
    /// Writes the content of the cookie.
    pub(super) fn write(name: SessionName, record: &SessionRecord) -> Option<Vec<u8>> {
        let name = BASE64_URL_SAFE_NO_PAD.encode(name);
        let record = SessionRecord { id_token: None, ..record.clone() };
        serde_json::to_vec(&Content { name, record }).ok()
    }

    /// Reads the content of a cookie. Returns `None` for the content of another version.
    pub(super) fn read(content: &[u8]) -> Option<Self> {
        let Content { name, record } = serde_json::from_slice(content).ok()?;
        let name = BASE64_URL_SAFE_NO_PAD.decode(name).ok()?.try_into().ok()?;
        Some(Self { name, record: Arc::new(record) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::sample_record;

    #[test]
    fn a_cookie_contains_the_record_without_the_id_token() {
        let record = sample_record();
        let content = SealedSession::write([7; 32], &record).unwrap();
        assert!(content.len() < 260, "{}", content.len());
        let session = SealedSession::read(&content).unwrap();
        assert!(session.name == [7; 32]);
        assert!(*session.record == SessionRecord { id_token: None, ..record });
    }

    #[test]
    fn a_content_of_another_form_is_not_a_session() {
        let content = SealedSession::write([7; 32], &sample_record()).unwrap();
        let text = String::from_utf8(content).unwrap();
        for (from, to) in [
            ("\"id\":\"", "\"id\":\"A"),
            ("\"sub\":\"alice\",", ""),
            ("\"ends\":1028800", "\"ends\":18446744073709551615"),
            ("\"ends\":1028800", "\"ends\":-1"),
        ] {
            let other = text.replace(from, to);
            assert_ne!(other, text, "{from}");
            assert!(SealedSession::read(other.as_bytes()).is_none(), "{to}");
        }
        assert!(SealedSession::read(b"").is_none());
    }
}
