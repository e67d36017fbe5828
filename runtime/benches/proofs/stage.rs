//! The environment of the cases: one runtime, and a router for each configuration of the server.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum_protected::dpop::Dpop;
use axum_protected::introspection::{Introspection, Mode};
use axum_protected::server::{ClientCertificate, ClientCertificateFormat};
use axum_protected::{ResourceServer, ResourceServerBuilder};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::case::{Certificate, Work};
use crate::certificate;
use crate::common::tokens::{AUDIENCE, issuer};
use crate::common::{app, floor, request};
use crate::endpoint::{Endpoint, URL};
use crate::sent::Sent;

pub(crate) const ISSUER: &str = "https://id.example.com/realms/acme";
pub(crate) const OPAQUE_TOKEN: &str = "mF_9.B5f-4.1JqMmF_9.B5f-4.1JqMmF_9.B5f-4.1JqM";

/// The longest accepted age of a proof, because the proofs of a script wait for valgrind.
const AGE: Duration = Duration::from_secs(300);
/// The size of the memory of used proofs, which holds all proofs of the bench.
const PROOFS: usize = 1_000_000;
const PROXY: [u8; 4] = [10, 0, 0, 1];

pub(crate) struct Stage {
    runtime: Runtime,
    jwks: Value,
    standard: Router,
    opaque: Router,
    always: Router,
    dpop: Router,
    certificates: [(Certificate, Router); 4],
}

impl Stage {
    pub(crate) fn new(jwks: Value) -> Self {
        let server = || ResourceServer::builder().audience(AUDIENCE);
        let router = |server: ResourceServerBuilder| app::router(server.build().unwrap());
        let trusted = || issuer(ISSUER, &jwks);
        let introspected = |mode| {
            let introspection = Introspection::new()
                .endpoint(URL)
                .client_id("bench")
                .client_secret("secret")
                .cache_period(Duration::from_secs(3600))
                .mode(mode);
            server().fetch(Endpoint).issuer(trusted().introspection(introspection))
        };
        let by_header = |format| {
            let server = server().issuer(trusted()).trusted_proxy("10.0.0.0/8");
            router(server.client_certificate_header(format))
        };
        let dpop = Dpop::new().max_age(AGE).replay_capacity(PROOFS);
        Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap(),
            standard: router(server().issuer(trusted())),
            opaque: router(introspected(Mode::Opaque)),
            always: router(introspected(Mode::Always)),
            dpop: router(server().issuer(trusted()).public_url(AUDIENCE).dpop(dpop)),
            certificates: [
                (Certificate::Extension, router(server().issuer(trusted()))),
                (Certificate::Rfc9440, by_header(ClientCertificateFormat::Rfc9440)),
                (Certificate::Nginx, by_header(ClientCertificateFormat::Nginx)),
                (Certificate::Envoy, by_header(ClientCertificateFormat::Envoy)),
            ],
            jwks,
        }
    }

    /// Prepares a batch of requests. The returned closure is the measured part.
    pub(crate) fn batch(&self, work: Work, sent: &[Sent]) -> Box<dyn FnOnce() + '_> {
        let (router, path) = match work {
            Work::TokenSignature(algorithm) => {
                let tokens = sent.iter().map(|sent| sent.token.as_str());
                return floor::verification(floor::key_of_set(&self.jwks, algorithm), tokens);
            }
            Work::ProofSignature(algorithm) => {
                let mut proofs = sent.iter().filter_map(|sent| sent.proof.as_deref()).peekable();
                let Some(proof) = proofs.peek() else { return Box::new(|| ()) };
                return floor::verification(floor::key_of_proof(proof, algorithm), proofs);
            }
            Work::Plain => (&self.standard, app::PLAIN),
            Work::Jwt => (&self.standard, app::PROTECTED),
            Work::Opaque => (&self.opaque, app::PROTECTED),
            Work::IntrospectedJwt => (&self.always, app::PROTECTED),
            Work::Proof(..) => (&self.dpop, app::PROTECTED),
            Work::Certificate(place) => {
                let found = self.certificates.iter().find(|(own, _)| *own == place);
                (found.map(|(_, router)| router).unwrap(), app::PROTECTED)
            }
        };
        let requests = sent.iter().map(|sent| build(work, path, sent)).collect();
        Box::new(move || {
            self.runtime.block_on(request::send(router, requests, StatusCode::OK));
        })
    }
}

fn build(work: Work, path: &str, sent: &Sent) -> Request<Body> {
    let scheme = if sent.proof.is_some() { "DPoP" } else { "Bearer" };
    let mut request = request::build(path, Some(&format!("{scheme} {}", sent.token)));
    let proof = sent.proof.iter().map(|proof| ("dpop", proof));
    let certificate = sent.certificate.iter().map(|(name, value)| (name.as_str(), value));
    for (name, value) in proof.chain(certificate) {
        let name: HeaderName = name.parse().unwrap();
        let buffer = Bytes::copy_from_slice(value.as_bytes());
        request.headers_mut().insert(name, HeaderValue::from_maybe_shared(buffer).unwrap());
    }
    match work {
        Work::Certificate(Certificate::Extension) => {
            let presented = ClientCertificate::from_der(&certificate::der());
            request.extensions_mut().insert(presented);
        }
        Work::Certificate(_) => {
            let peer = SocketAddr::from((PROXY, 443));
            request.extensions_mut().insert(ConnectInfo(peer));
        }
        _ => {}
    }
    request
}
