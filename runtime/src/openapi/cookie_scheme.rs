//! The security schemes of credentials in cookies, and the response to a cookie that a page of
//! another origin sent.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::access_docs::{FORBIDDEN, response_of};
use super::scheme::{Kind, Scheme};

/// The status code of the refusal `cross_site_request`.
pub(super) const FORBIDDEN_STATUS: &str = "403";

/// A cookie that contains a token or names a session.
#[derive(Debug, Clone)]
pub(super) struct CookieScheme {
    /// The name of the scheme in documents.
    pub(super) name: &'static str,
    cookie: String,
    meaning: &'static str,
}

impl CookieScheme {
    pub(super) fn of_token(cookie: &str) -> Self {
        Self { name: "token_cookie", cookie: cookie.to_owned(), meaning: "Access tokens" }
    }

    pub(super) fn of_session(cookie: &str) -> Self {
        Self { name: "session_cookie", cookie: cookie.to_owned(), meaning: "Sessions of browsers" }
    }

    pub(super) fn scheme(&self) -> Scheme<'_> {
        let Self { cookie, meaning, .. } = self;
        Scheme {
            description: format!("{meaning} in the cookie `{cookie}`"),
            kind: Kind::Cookie(cookie),
            scopes: BTreeMap::new(),
        }
    }
}

/// Returns the 403 response of an operation that also admits cookies. Keeps a response that the
/// author wrote.
pub(super) fn forbidden(known: Option<Value>) -> Value {
    const CROSS_SITE: &str = "a page of another origin sent the cookie of the user";
    match known {
        None => response_of(CROSS_SITE),
        Some(known) if known.get("description") == Some(&json!(FORBIDDEN)) => {
            let mut both = known;
            if let Some(response) = both.as_object_mut() {
                let description = format!("{FORBIDDEN}, or {CROSS_SITE}");
                response.insert("description".to_owned(), description.into());
            }
            both
        }
        Some(written) => written,
    }
}
