//! Where the cases are performed: one runtime, one router, one server.

use axum::Router;
use axum_protected::ResourceServer;
use http::StatusCode;
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::case::{Fault, Work};
use crate::common::tokens::{AUDIENCE, issuer};
use crate::common::{app, request};
use crate::floor;

pub(crate) const ISSUER: &str = "https://id.example.com/realms/acme";

pub(crate) struct Stage {
    runtime: Runtime,
    router: Router,
    jwks: Value,
}

impl Stage {
    pub(crate) fn new(jwks: Value) -> Self {
        let server = ResourceServer::builder()
            .issuer(issuer(ISSUER, &jwks))
            .audience(AUDIENCE);
        Self {
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .unwrap(),
            router: app::router(server.build().unwrap()),
            jwks,
        }
    }

    /// Prepares everything; the measured part is what is returned.
    pub(crate) fn batch(&self, work: Work, brought: &[Option<String>]) -> Box<dyn FnOnce() + '_> {
        let texts = || brought.iter().flatten().filter_map(|text| token_of(text));
        match work {
            Work::Verification(algorithm) => floor::verification(&self.jwks, algorithm, texts()),
            Work::Comparison => floor::comparison(texts()),
            Work::Plain => self.requests(app::PLAIN, brought, StatusCode::OK),
            Work::FirstSeen(_) | Work::Repeated(_) => {
                self.requests(app::PROTECTED, brought, StatusCode::OK)
            }
            Work::Refused(Fault::MissingScope) => {
                self.requests(app::PROTECTED, brought, StatusCode::FORBIDDEN)
            }
            Work::Refused(_) => self.requests(app::PROTECTED, brought, StatusCode::UNAUTHORIZED),
        }
    }

    fn requests(
        &self,
        path: &str,
        brought: &[Option<String>],
        expected: StatusCode,
    ) -> Box<dyn FnOnce() + '_> {
        let requests = brought
            .iter()
            .map(|text| request::build(path, text.as_deref()));
        let requests = requests.collect();
        Box::new(move || {
            self.runtime
                .block_on(request::send(&self.router, requests, expected));
        })
    }
}

fn token_of(authorization: &str) -> Option<&str> {
    authorization.strip_prefix("Bearer ")
}
