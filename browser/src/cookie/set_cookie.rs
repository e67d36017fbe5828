//! Writes `Set-Cookie` lines (RFC 6265 section 4.1).

use std::time::Duration;

use axum::http::HeaderValue;

use crate::settings::SameSite;

/// The prefix with which browsers bind a cookie to https and to one host (RFC 6265bis section
/// 4.1.3.2).
pub(crate) const HOST_PREFIX: &str = "__Host-";

/// The number of bytes that browsers store of a cookie, for its name and its value together.
/// Browsers silently drop a longer cookie.
pub(crate) const VALUE_LIMIT: usize = 4096;

/// The name and the attributes of a cookie. Its value is set and removed with the same attributes,
/// because browsers ignore a removal without `Secure` for a name with the prefix `__Host-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cookie {
    /// The complete name, which begins with `__Host-`.
    pub(crate) name: String,
    same_site: SameSite,
}

impl Cookie {
    /// Creates the cookie `__Host-<name>`.
    pub(crate) fn new(name: &str, same_site: SameSite) -> Self {
        Self { name: format!("{HOST_PREFIX}{name}"), same_site }
    }

    pub(crate) fn same_site(&self) -> SameSite {
        self.same_site
    }

    /// Returns the line that sets the cookie. Without an age, the browser keeps the cookie until it
    /// is closed. Returns `None` if the value is not visible ASCII, or too long for browsers.
    pub(crate) fn set(&self, value: &str, max_age: Option<Duration>) -> Option<HeaderValue> {
        let length = self.name.len().checked_add(value.len())?;
        let is_value =
            |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b';' | b',' | b'"' | b'\\');
        if length > VALUE_LIMIT || !value.bytes().all(is_value) {
            return None;
        }
        let age = max_age.map(|age| format!("; Max-Age={}", age.as_secs()));
        self.line(value, &age.unwrap_or_default())
    }

    /// Returns the line that removes the cookie.
    pub(crate) fn removal(&self) -> Option<HeaderValue> {
        self.line("", "; Max-Age=0")
    }

    fn line(&self, value: &str, age: &str) -> Option<HeaderValue> {
        let Self { name, same_site } = self;
        let same_site = same_site.as_str();
        let line = format!("{name}={value}{age}; Path=/; Secure; HttpOnly; SameSite={same_site}");
        let mut line = HeaderValue::try_from(line).ok()?;
        line.set_sensitive(true);
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_set_and_removed_with_all_attributes() {
        let cookie = Cookie::new("session", SameSite::Lax);
        let set = cookie.set("abc", Some(Duration::from_secs(60))).unwrap();
        let expected = "__Host-session=abc; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(set, expected);
        assert!(set.is_sensitive());
        let until_closed = Cookie::new("s", SameSite::Strict).set("abc", None).unwrap();
        assert_eq!(until_closed, "__Host-s=abc; Path=/; Secure; HttpOnly; SameSite=Strict");
        let expected = "__Host-session=; Max-Age=0; Path=/; Secure; HttpOnly; SameSite=Lax";
        assert_eq!(cookie.removal().unwrap(), expected);
    }

    #[test]
    fn a_value_that_a_browser_would_drop_or_split_is_not_written() {
        let cookie = Cookie::new("s", SameSite::Lax);
        let longest = "a".repeat(VALUE_LIMIT - cookie.name.len());
        assert!(cookie.set(&longest, None).is_some());
        assert_eq!(cookie.set(&format!("{longest}a"), None), None);
        for value in ["a;b", "a b", "a\nb", "a,b", "\u{e9}", "a\"b"] {
            assert_eq!(cookie.set(value, None), None, "{value:?}");
        }
    }
}
