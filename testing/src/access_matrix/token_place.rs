//! The header or the cookie in which a request carries its token.

use axum::http::header::{AUTHORIZATION, COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header, the scheme and the cookie with which the access matrix sends tokens.
pub(super) struct TokenPlace {
    header: HeaderName,
    /// The scheme before the token. `None` if the header holds only the token.
    scheme: Option<String>,
    /// The cookie in which the application also takes tokens.
    cookie: Option<String>,
}

impl Default for TokenPlace {
    fn default() -> Self {
        Self { header: AUTHORIZATION, scheme: Some("Bearer".to_owned()), cookie: None }
    }
}

impl TokenPlace {
    pub(super) fn set_scheme(&mut self, scheme: &str) {
        self.scheme = Some(scheme.to_owned()).filter(|scheme| !scheme.is_empty());
    }

    /// Sets the header. A header other than `Authorization` holds only the token.
    pub(super) fn set_header(&mut self, name: &str) -> Result<(), String> {
        self.header = HeaderName::try_from(name)
            .map_err(|_| format!("`{name}` is not the name of a header"))?;
        if self.header != AUTHORIZATION {
            self.scheme = None;
        }
        Ok(())
    }

    /// Sets the cookie. The name of a cookie has the characters of the name of a header (RFC 6265
    /// section 4.1.1).
    pub(super) fn set_cookie(&mut self, name: &str) -> Result<(), String> {
        HeaderName::try_from(name).map_err(|_| format!("`{name}` is not the name of a cookie"))?;
        self.cookie = Some(name.to_owned());
        Ok(())
    }

    pub(super) fn has_cookie(&self) -> bool {
        self.cookie.is_some()
    }

    /// Adds the cookie with the token to the headers of a request.
    pub(super) fn add_cookie(&self, token: &str, headers: &mut HeaderMap) -> Result<(), String> {
        let name = self.cookie.as_deref().unwrap_or_default();
        let value = HeaderValue::try_from(format!("{name}={token}"))
            .map_err(|_| "the token has characters that no cookie has".to_owned())?;
        headers.append(COOKIE, value);
        Ok(())
    }

    /// Puts the token into the headers of a request. Returns the problem if the scheme is not
    /// possible in a header.
    pub(super) fn add(&self, token: &str, headers: &mut HeaderMap) -> Result<(), String> {
        let text = match &self.scheme {
            Some(scheme) => format!("{scheme} {token}"),
            None => token.to_owned(),
        };
        let value = HeaderValue::try_from(text)
            .map_err(|_| "the scheme of the token has characters that no header has".to_owned())?;
        headers.insert(self.header.clone(), value);
        Ok(())
    }

    /// Returns the problem if these headers of the caller contain the header or the cookie of the
    /// token. Requests without a token must not have them.
    pub(super) fn conflict(&self, headers: &HeaderMap) -> Option<String> {
        let header = &self.header;
        if headers.contains_key(header) {
            let problem = "is the header of the token, which the access matrix sets";
            return Some(format!("`{header}` {problem}"));
        }
        let cookie = self.cookie.as_deref()?;
        has_cookie(headers, cookie)
            .then(|| format!("`{cookie}` is the cookie of the token, which the access matrix sets"))
    }
}

fn has_cookie(headers: &HeaderMap, name: &str) -> bool {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';'));
    pairs.any(|pair| pair.split('=').next().is_some_and(|known| known.trim() == name))
}
