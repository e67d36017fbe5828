//! Decides when an access token expires for the backend.

use std::time::{Duration, SystemTime};

/// The lifetime of an access token of which nothing is known.
const UNKNOWN_LIFETIME: Duration = Duration::from_secs(60);
/// The longest lifetime. A longer one is cut off, so that a wrong number cannot overflow.
const LONGEST_LIFETIME: Duration = Duration::from_secs(400 * 24 * 3600);

/// Returns the time at which an access token expires: after `expires_in` (RFC 6749 section 5.1), or at
/// its claim `exp`, whichever is earlier. `expires_in` counts from the time before the request.
///
/// An `expires_in` of zero says nothing: some providers write it for tokens without a limit.
pub(super) fn expiry(
    requested_at: SystemTime,
    expires_in: Option<Duration>,
    exp: Option<SystemTime>,
) -> SystemTime {
    let stated = expires_in.filter(|lifetime| !lifetime.is_zero());
    let after = |lifetime: Duration| {
        requested_at.checked_add(lifetime.min(LONGEST_LIFETIME)).unwrap_or(requested_at)
    };
    match (stated.map(after), exp) {
        (Some(stated), Some(exp)) => stated.min(exp),
        (Some(stated), None) => stated,
        (None, Some(exp)) => exp.min(after(LONGEST_LIFETIME)),
        (None, None) => after(UNKNOWN_LIFETIME),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_of_two_times_is_the_end() {
        let at = |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds);
        let longest = LONGEST_LIFETIME.as_secs();
        let cases = [
            (Some(300), None, 300),
            (Some(300), Some(200), 200),
            (Some(300), Some(900), 300),
            (None, Some(200), 200),
            (None, None, 60),
            (Some(0), None, 60),
            (Some(0), Some(200), 200),
            (Some(u64::MAX), None, longest),
            (Some(u64::MAX), Some(200), 200),
            (None, Some(longest + 1), longest),
        ];
        for (expires_in, exp, expected) in cases {
            let expires_in = expires_in.map(Duration::from_secs);
            let end = expiry(at(0), expires_in, exp.map(at));
            assert_eq!(end, at(expected), "{expires_in:?} {exp:?}");
        }
    }
}
