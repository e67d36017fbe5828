//! A request of the caller's own to a route, for what only a check can decide.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::http::header::CONTENT_TYPE;
use serde_json::Value;

use super::chosen_claims::ChosenClaims;
use super::settings::add_header;

/// A request to a route of the access table, and the decision that the guard must make. The token
/// satisfies the scopes, roles and claims of the route, so that the check decides.
///
/// ```
/// use axum_protected_testing::Case;
///
/// let owner = Case::granted().path("/orders/7").subject("alice");
/// let other = Case::denied().path("/orders/7").subject("bob");
/// ```
///
/// A setting that cannot be used, for example a header name with a space, is an error of the access
/// matrix.
#[derive(Debug, Clone)]
#[must_use = "a case is sent by the `case` of an access matrix"]
pub struct Case {
    pub(super) is_granted: bool,
    pub(super) path: Option<String>,
    pub(super) path_values: BTreeMap<String, String>,
    pub(super) query: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) claims: ChosenClaims,
    pub(super) problems: Vec<String>,
}

impl Case {
    /// Creates a request that the guard must let through. The status of the handler's response does
    /// not matter.
    pub fn granted() -> Self {
        Self::new(true)
    }

    /// Creates a request with a valid token that the policy or a check must refuse.
    pub fn denied() -> Self {
        Self::new(false)
    }

    fn new(is_granted: bool) -> Self {
        Self {
            is_granted,
            path: None,
            path_values: BTreeMap::new(),
            query: None,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            claims: ChosenClaims::default(),
            problems: Vec::new(),
        }
    }

    /// Sets the path of the request, for example `/orders/7`. The path must lead to the route of the
    /// case.
    pub fn path(mut self, path: &str) -> Self {
        self.path = Some(path.to_owned());
        self
    }

    /// Sets the value of a path parameter, unencoded.
    pub fn path_value(mut self, parameter: &str, value: &str) -> Self {
        self.path_values.insert(parameter.to_owned(), value.to_owned());
        self
    }

    /// Sets the query of the request, without the question mark.
    pub fn query(mut self, query: &str) -> Self {
        self.query = Some(query.to_owned());
        self
    }

    /// Adds a header to the request.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.problems.extend(add_header(&mut self.headers, name, value).err());
        self
    }

    /// Sets the body of the request.
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets a JSON body and the header `Content-Type`.
    pub fn json(mut self, body: &Value) -> Self {
        self.headers.remove(CONTENT_TYPE);
        self.header("content-type", "application/json").body(body.to_string())
    }

    /// Sets the claim `sub` of the token.
    pub fn subject(self, subject: &str) -> Self {
        self.claim("sub", subject)
    }

    /// Sets a claim of the token, even a claim that the policy demands.
    pub fn claim(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.problems.extend(self.claims.choose(name, value.into()).err());
        self
    }

    /// Sets the claims of a JSON object.
    pub fn claims(mut self, claims: Value) -> Self {
        self.problems.extend(self.claims.choose_all(claims));
        self
    }
}
