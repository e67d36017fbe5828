//! A record for tests.

use std::time::{Duration, UNIX_EPOCH};

use super::SessionRecord;

/// Returns a session that began a second ago, at the time 1,000,000 s. Its access token lives for
/// five minutes.
pub(crate) fn sample_record() -> SessionRecord {
    let at = |seconds: u64| UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds);
    SessionRecord {
        subject: "alice".to_owned(),
        provider_session: Some("provider-session".to_owned()),
        nonce: "nonce".to_owned(),
        access_token: "a0".to_owned(),
        access_token_received_at: at(0),
        access_token_expires_at: at(300),
        refresh_token: Some("r0".to_owned()),
        id_token: Some("id-token".to_owned()),
        began_at: at(0),
        ends_at: at(8 * 3600),
    }
}
