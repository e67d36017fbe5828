//! Requests as a server hands them to the router, and what sends them.

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, StatusCode};
use tower::ServiceExt;

/// The header has its bytes from a buffer that is shared already, as hyper's are: a copy of the
/// header in the measured part then costs what it costs in a server.
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

/// One after the other; each answer is looked at, so that nothing else is measured by mistake.
pub(crate) async fn send(router: &Router, requests: Vec<Request<Body>>, expected: StatusCode) {
    for request in requests {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), expected);
    }
}
