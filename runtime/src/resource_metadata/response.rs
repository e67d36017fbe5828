//! The response to a request below the well-known path.

use axum_core::body::Body;
use axum_core::response::Response;
use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ALLOW, CACHE_CONTROL, CONTENT_TYPE,
};
use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};

/// The metadata of one resource, ready to be sent.
#[derive(Clone)]
pub(super) struct Publication {
    /// The address of the document, relative to the path of the service, without a slash at the
    /// end.
    pub(super) path: String,
    /// The query of the identifier. The same path with another query identifies another resource.
    pub(super) query: Option<String>,
    /// True if the document is also published at the path of the service itself.
    pub(super) has_root_form: bool,
    pub(super) body: Bytes,
}

impl Publication {
    pub(super) fn respond(&self, method: &Method, uri: &Uri) -> Response {
        match *method {
            _ if !self.has_document_at(uri) => not_found(method),
            Method::GET | Method::HEAD => self.document(),
            Method::OPTIONS => preflight(),
            _ => method_not_allowed(),
        }
    }

    /// Returns true if the document is published at this address. Resources of one host have
    /// separate documents (RFC 9728 section 3.1).
    fn has_document_at(&self, uri: &Uri) -> bool {
        let path = uri.path();
        let path = path.strip_suffix('/').unwrap_or(path);
        let is_own =
            path == self.path && (self.query.is_none() || self.query.as_deref() == uri.query());
        is_own || (self.has_root_form && path.is_empty() && uri.query().is_none())
    }

    fn document(&self) -> Response {
        let mut response = Response::new(Body::from(self.body.clone()));
        set(&mut response, CONTENT_TYPE, "application/json");
        set(&mut response, CACHE_CONTROL, "public, max-age=3600");
        for_all_origins(response)
    }
}

/// A request that asks for permission to read the document. Browsers ask if the request has a
/// non-standard header, such as the `MCP-Protocol-Version` of MCP clients. The wildcard permits
/// headers that other clients add; older browsers do not support it.
fn preflight() -> Response {
    let mut response = status(StatusCode::NO_CONTENT);
    set(&mut response, ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD");
    set(&mut response, ACCESS_CONTROL_ALLOW_HEADERS, "MCP-Protocol-Version, *");
    set(&mut response, ACCESS_CONTROL_MAX_AGE, "3600");
    for_all_origins(response)
}

/// A client may ask for another address after a 404. A script in a browser learns the status only
/// if the response permits it, so a 404 has the same permission.
fn not_found(method: &Method) -> Response {
    if *method == Method::OPTIONS {
        return preflight();
    }
    for_all_origins(status(StatusCode::NOT_FOUND))
}

fn method_not_allowed() -> Response {
    let mut response = status(StatusCode::METHOD_NOT_ALLOWED);
    // RFC 9110 section 15.5.6 demands the header.
    set(&mut response, ALLOW, "GET, HEAD, OPTIONS");
    response
}

fn status(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Permits scripts of every origin to read the response. The document is public and does not depend
/// on credentials.
fn for_all_origins(mut response: Response) -> Response {
    set(&mut response, ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    response
}

fn set(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}
