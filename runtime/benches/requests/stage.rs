//! The environment of the cases: one runtime, and a router with a server for each variant of
//! `Memory`.

use axum::Router;
use axum::body::Body;
use axum_protected::api_key::{ApiKey, ApiKeys, KeyDigest};
use axum_protected::layer::PrivateResponsesLayer;
use axum_protected::server::TlsConnection;
use axum_protected::{Algorithm, ResourceServer};
use axum_protected_testing::SigningKeys;
use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::case::{Fault, Memory, Work};
use crate::common::tokens::{AUDIENCE, issuer};
use crate::common::{app, floor, request};
use crate::credentials::Credentials;

pub(crate) const ISSUER: &str = "https://id.example.com/realms/acme";

/// The size in bytes of a cache that holds the tokens of all cases.
const LARGE: usize = 256 * 1024 * 1024;
/// The size of the full cache in bytes, divided by the number of inserted tokens. A cached token
/// takes more bytes than this number, so the inserted tokens fill the cache.
const SHARE: usize = 1_280;
/// The number of tokens that fill a cache of the default size.
const MANY: usize = 32 * 1024 * 1024 / SHARE;

/// The API key of `Work::ApiKey`, with its prefix.
pub(crate) const API_KEY: &str = "bench_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg";
/// The name of the cookie of `Work::Cookie`.
pub(crate) const COOKIE: &str = "__Host-token";
const KEY_PREFIX: &str = "bench";

pub(crate) struct Stage {
    runtime: Runtime,
    roomy: Router,
    off: Router,
    full: Router,
    api_keys: Router,
    cookies: Router,
    jwks: Value,
}

impl Stage {
    /// Creates the environment. Chooses the size of the cache for `Memory::Full` by the number of
    /// these credentials, and fills the cache with them.
    pub(crate) fn new(jwks: Value, filling: &[Option<String>]) -> Self {
        let server = |bytes| {
            ResourceServer::builder()
                .issuer(issuer(ISSUER, &jwks))
                .audience(AUDIENCE)
                .verified_token_bytes(bytes)
        };
        let router = |bytes| app::router(server(bytes).build().unwrap());
        let key = ApiKey::new(KeyDigest::of(API_KEY)).subject("alice").scopes(["items:read"]);
        let keys = ApiKeys::new().bearer_prefix(KEY_PREFIX).key(key);
        let stage = Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap(),
            roomy: router(LARGE),
            off: router(0),
            full: router(SHARE * filling.len()),
            api_keys: app::router(server(LARGE).api_keys(keys).build().unwrap()),
            cookies: app::router(
                server(LARGE).require_https().token_cookie(COOKIE).build().unwrap(),
            )
            .layer(PrivateResponsesLayer),
            jwks,
        };
        stage.requests(&stage.full, app::PROTECTED, filling, StatusCode::OK)();
        stage
    }

    /// Returns tokens that fill a cache of the default size if one of these `works` needs a full
    /// cache; otherwise returns no tokens.
    pub(crate) fn filling(works: &[Work], keys: &SigningKeys) -> Vec<Option<String>> {
        if works.iter().any(|work| work.memory() == Memory::Full) {
            Credentials::Fresh(keys.clone(), Algorithm::ES256).take(MANY)
        } else {
            Vec::new()
        }
    }

    /// Prepares a batch of requests. The returned closure is the measured part.
    pub(crate) fn batch(
        &self,
        work: Work,
        credentials: &[Option<String>],
    ) -> Box<dyn FnOnce() + '_> {
        let texts = || credentials.iter().flatten().filter_map(|text| token_of(text));
        let router = match (work, work.memory()) {
            (Work::ApiKey, _) => &self.api_keys,
            (Work::Cookie, _) => &self.cookies,
            (_, Memory::Off) => &self.off,
            (_, Memory::Roomy) => &self.roomy,
            (_, Memory::Full) => &self.full,
        };
        let (path, expected) = match work {
            Work::Verification(algorithm) => {
                return floor::verification(floor::key_of_set(&self.jwks, algorithm), texts());
            }
            Work::Comparison => return floor::comparison(texts()),
            Work::Plain => (app::PLAIN, StatusCode::OK),
            Work::Argument(_) => (app::ARGUMENT, StatusCode::OK),
            Work::Refused(Fault::MissingScope) => (app::PROTECTED, StatusCode::FORBIDDEN),
            Work::Refused(_) => (app::PROTECTED, StatusCode::UNAUTHORIZED),
            _ => (app::PROTECTED, StatusCode::OK),
        };
        self.requests(router, path, credentials, expected)
    }

    fn requests<'a>(
        &'a self,
        router: &'a Router,
        path: &str,
        credentials: &[Option<String>],
        expected: StatusCode,
    ) -> Box<dyn FnOnce() + 'a> {
        let requests = credentials
            .iter()
            .map(|text| match text {
                Some(text) if text.starts_with(COOKIE) => build_with_cookie(path, text),
                text => request::build(path, text.as_deref()),
            })
            .collect();
        Box::new(move || {
            self.runtime.block_on(request::send(router, requests, expected));
        })
    }
}

/// Builds a request with a cookie, as the page of the own origin causes it.
fn build_with_cookie(path: &str, cookie: &str) -> Request<Body> {
    let mut request = request::build(path, None);
    let buffer = Bytes::copy_from_slice(cookie.as_bytes());
    let value = HeaderValue::from_maybe_shared(buffer.clone()).unwrap();
    request.headers_mut().insert(header::COOKIE, value);
    request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("same-origin"));
    request.extensions_mut().insert(TlsConnection);
    request
}

fn token_of(authorization: &str) -> Option<&str> {
    authorization.strip_prefix("Bearer ")
}
