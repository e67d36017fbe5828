//! The header in which a request carries its token.

use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderName, HeaderValue};

/// The header and the scheme with which the access matrix sends tokens.
pub(super) struct TokenPlace {
    header: HeaderName,
    /// The scheme before the token. `None` if the header holds only the token.
    scheme: Option<String>,
}

impl Default for TokenPlace {
    fn default() -> Self {
        Self { header: AUTHORIZATION, scheme: Some("Bearer".to_owned()) }
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

    /// Returns the problem if these headers of the caller contain the header of the token. Requests
    /// without a token must not have it.
    pub(super) fn conflict(&self, headers: &HeaderMap) -> Option<String> {
        let header = &self.header;
        headers
            .contains_key(header)
            .then(|| format!("`{header}` is the header of the token, which the access matrix sets"))
    }
}
