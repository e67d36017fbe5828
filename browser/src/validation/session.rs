//! Checks the settings of the sessions.

use std::time::Duration;

use crate::cookie::Cookie;
use crate::settings::{BrowserBackendBuilder, PlaceSetting};

/// The longest name of a cookie, without its prefix.
const NAME_LIMIT: usize = 64;
/// Browsers keep a cookie for at most 400 days (RFC 6265bis section 5.5).
const LONGEST_SESSION: Duration = Duration::from_hours(400 * 24);

impl BrowserBackendBuilder {
    /// Returns the session's cookie. Adds the problems of the settings to `problems`.
    pub(super) fn session_cookie(&self, problems: &mut Vec<String>) -> Cookie {
        let name = self.cookie_name.as_str();
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let is_word = name.len() <= NAME_LIMIT && name.bytes().all(is_allowed);
        if name.is_empty() || !is_word {
            problems.push(format!(
                "`cookie_name` is not a word of 1 to {NAME_LIMIT} letters, digits and `-_.`"
            ));
        } else if name.starts_with("__") || name.starts_with("login-") {
            problems.push(format!(
                "`cookie_name` `{name}` begins with a prefix that has a meaning: write a name such \
                 as `session`, to which the backend adds `__Host-`"
            ));
        }
        Cookie::new(name, self.same_site)
    }

    pub(super) fn check_session_settings(&self, problems: &mut Vec<String>) {
        if self.session_limit < Duration::from_secs(1) || self.session_limit > LONGEST_SESSION {
            problems.push("`session_limit` is not between 1 s and 400 days".to_owned());
        }
        if matches!(self.place, PlaceSetting::Memory { limit: 0 }) {
            problems.push("`memory_sessions` is 0: no user could sign in".to_owned());
        }
    }
}
