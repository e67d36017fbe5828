//! Functions that build requests in the form in which hyper passes requests to a router, and send
//! them to a router.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, StatusCode};
use tower::ServiceExt;

/// Builds a request. The header value shares a buffer, as in hyper, so that cloning the header
/// value costs the same as in a server.
pub(crate) fn build(path: &str, authorization: Option<&str>) -> Request<Body> {
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = path.parse().unwrap();
    if let Some(authorization) = authorization {
        let buffer = Bytes::copy_from_slice(authorization.as_bytes());
        let value = HeaderValue::from_maybe_shared(buffer.clone()).unwrap();
        request.headers_mut().insert(AUTHORIZATION, value);
    }
    request
}

/// Sends the requests one after the other, and asserts the status of each response.
pub(crate) async fn send(router: &Router, requests: Vec<Request<Body>>, expected: StatusCode) {
    for request in requests {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), expected, "{:?}", response.headers());
    }
}
