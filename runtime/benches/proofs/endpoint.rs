//! An introspection endpoint that says that each token is active.

use axum::body::Body;
use axum_protected::fetch::{Fetch, FetchFuture, FetchRequest, FetchResponse};
use bytes::Bytes;
use http::Response;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use crate::common::tokens::AUDIENCE;
use crate::stage::ISSUER;

pub(crate) const URL: &str = "https://id.example.com/introspect";

/// An HTTP client whose other side is the endpoint.
pub(crate) struct Endpoint;

impl Fetch for Endpoint {
    fn fetch(&self, _: FetchRequest) -> FetchFuture<'_> {
        Box::pin(std::future::ready(Err("the endpoint answers POST requests only".into())))
    }

    fn post(&self, _: FetchRequest, _: Bytes) -> FetchFuture<'_> {
        let response = Response::builder().header(CONTENT_TYPE, "application/json");
        let response = response.body(Body::from(answer().to_string())).unwrap();
        Box::pin(std::future::ready(Ok(FetchResponse::new(URL, response))))
    }
}

/// The answer has the claims of the tokens of `common/tokens.rs` that matter.
fn answer() -> Value {
    json!({
        "active": true,
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "5f0c9d1e-6b1f-4c39-9a53-0e8d2f6a7b41",
        "scope": "openid items:read items:write",
        "client_id": "storefront",
        "exp": 4_000_000_000_u64,
        "typ": "Bearer",
        "token_type": "Bearer",
        "sid": "2c1f4b8e-0d3a-4f57-8a1e-7b9c5d6e4f30",
        "acr": "1",
        "resource_access": { "storefront": { "roles": ["buyer"] } },
        "preferred_username": "alice",
    })
}
