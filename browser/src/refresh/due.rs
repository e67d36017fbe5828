//! Decides whether the access token of a session must be renewed.

use std::time::{Duration, SystemTime};

use crate::session::SessionRecord;

/// The longest time before the expiry of an access token at which it is renewed.
const LONGEST_MARGIN: Duration = Duration::from_secs(30);

/// The part of its lifetime before the expiry of a short-lived access token. A margin longer than
/// the lifetime would renew the token with every request.
const MARGIN_DIVISOR: u32 = 5;

/// The state of a session at some time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// The access token is valid, and it is not renewed yet.
    Later,
    /// The access token is valid and expires soon. It is renewed now.
    Soon,
    /// The access token has expired. The session needs another one.
    Expired,
    /// The session is over: it reached its limit, or it has no refresh token and its access token
    /// has expired.
    Over,
}

impl Due {
    pub(super) fn of(record: &SessionRecord, now: SystemTime) -> Self {
        let is_valid = now < record.access_token_expires_at;
        let has_refresh_token = record.refresh_token.is_some();
        if record.ends_at <= now || (!is_valid && !has_refresh_token) {
            Self::Over
        } else if !is_valid {
            Self::Expired
        } else if has_refresh_token && expires_within(margin(record), record, now) {
            Self::Soon
        } else {
            Self::Later
        }
    }
}

fn expires_within(margin: Duration, record: &SessionRecord, now: SystemTime) -> bool {
    let left = record.access_token_expires_at.duration_since(now).unwrap_or_default();
    left <= margin
}

fn margin(record: &SessionRecord) -> Duration {
    let lifetime = record.access_token_expires_at.duration_since(record.access_token_received_at);
    let part = lifetime.unwrap_or_default().checked_div(MARGIN_DIVISOR);
    part.unwrap_or_default().min(LONGEST_MARGIN)
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    fn at(seconds: f64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs_f64(1_000_000.0 + seconds)
    }

    /// A session of one hour, with an access token of this lifetime.
    fn record(lifetime: f64, refresh_token: Option<&str>) -> SessionRecord {
        SessionRecord {
            access_token_received_at: at(0.0),
            access_token_expires_at: at(lifetime),
            refresh_token: refresh_token.map(str::to_owned),
            ends_at: at(3600.0),
            ..crate::session::sample_record()
        }
    }

    #[test]
    fn a_token_is_renewed_within_the_margin() {
        use Due::{Expired, Later, Over, Soon};
        let cases = [
            (300.0, Some("r"), 0.0, Later),
            (300.0, Some("r"), 269.9, Later),
            (300.0, Some("r"), 270.0, Soon),
            (300.0, Some("r"), 299.9, Soon),
            (300.0, Some("r"), 300.0, Expired),
            (300.0, Some("r"), 3599.9, Expired),
            // A fifth of the lifetime.
            (5.0, Some("r"), 3.9, Later),
            (5.0, Some("r"), 4.0, Soon),
            (2.0, Some("r"), 1.5, Later),
            (2.0, Some("r"), 1.7, Soon),
            // The limit of the session is stronger than the validity of the token.
            (7200.0, Some("r"), 3599.0, Later),
            (7200.0, Some("r"), 3600.0, Over),
            // Without a refresh token.
            (300.0, None, 299.9, Later),
            (300.0, None, 300.0, Over),
            // A clock that was set back.
            (300.0, Some("r"), -1000.0, Later),
        ];
        for (lifetime, refresh_token, now, expected) in cases {
            let due = Due::of(&record(lifetime, refresh_token), at(now));
            assert_eq!(due, expected, "{lifetime} {refresh_token:?} {now}");
        }
    }
}
