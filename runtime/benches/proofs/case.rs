//! The measured cases: tokens that the issuer is asked about, tokens that are bound to a
//! certificate, and tokens that are bound to the key of DPoP proofs.

use axum_protected::Algorithm::{self, ES256, EdDSA, RS256};

use crate::common::case::{Case, case};

/// The largest accepted ratio of a cost to its floor.
pub(crate) const LIMIT: f64 = 1.3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Requests to a handler without a guard.
    Plain,
    /// Requests that all have the same JWT, which is not bound.
    Jwt,
    /// Requests that all have the same opaque token.
    Opaque,
    /// Requests that all have the same JWT, about which the issuer was asked too.
    IntrospectedJwt,
    /// Requests that all have the same token and the certificate to which it is bound.
    Certificate(Certificate),
    /// Requests that each have a new proof.
    Proof(Algorithm, Token),
    /// The verification of tokens' signatures with a parsed key, without requests.
    TokenSignature(Algorithm),
    /// The verification of proofs' signatures with a parsed key, without requests.
    ProofSignature(Algorithm),
}

/// The place of the client's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Certificate {
    Extension,
    Rfc9440,
    Nginx,
    Envoy,
}

/// The token in a request with a proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    /// The same token in all requests.
    Known,
    /// A new token in each request.
    FirstSeen(Algorithm),
}

const fn known(algorithm: Algorithm) -> Work {
    Work::Proof(algorithm, Token::Known)
}

const fn first_seen(proof: Algorithm, token: Algorithm) -> Work {
    Work::Proof(proof, Token::FirstSeen(token))
}

pub(crate) const CASES: [Case<Work>; 21] = [
    case("plain handler", Work::Plain),
    case("known JWT", Work::Jwt),
    case("known opaque token", Work::Opaque),
    case("known JWT, introspected", Work::IntrospectedJwt),
    case("known JWT, certificate by extension", Work::Certificate(Certificate::Extension)),
    case("known JWT, certificate by header (rfc9440)", Work::Certificate(Certificate::Rfc9440)),
    case("known JWT, certificate by header (nginx)", Work::Certificate(Certificate::Nginx)),
    case("known JWT, certificate by header (envoy)", Work::Certificate(Certificate::Envoy)),
    case("ES256 proof, known JWT", known(ES256)),
    case("EdDSA proof, known JWT", known(EdDSA)),
    case("RS256 proof, known JWT", known(RS256)),
    case("ES256 proof, first-seen JWT (ES256)", first_seen(ES256, ES256)),
    case("ES256 proof, first-seen JWT (RS256)", first_seen(ES256, RS256)),
    case("EdDSA proof, first-seen JWT (EdDSA)", first_seen(EdDSA, EdDSA)),
    case("RS256 proof, first-seen JWT (RS256)", first_seen(RS256, RS256)),
    case("floor: verify ES256 tokens", Work::TokenSignature(ES256)),
    case("floor: verify EdDSA tokens", Work::TokenSignature(EdDSA)),
    case("floor: verify RS256 tokens", Work::TokenSignature(RS256)),
    case("floor: verify ES256 proofs", Work::ProofSignature(ES256)),
    case("floor: verify EdDSA proofs", Work::ProofSignature(EdDSA)),
    case("floor: verify RS256 proofs", Work::ProofSignature(RS256)),
];

impl Work {
    /// Returns the works whose costs together are the minimum: those of the bare signatures, or
    /// those of a known JWT. Empty if this work is itself a minimum.
    pub(crate) fn floor(self) -> Vec<Self> {
        match self {
            Self::Opaque | Self::IntrospectedJwt | Self::Certificate(_) => vec![Self::Jwt],
            Self::Proof(proof, Token::Known) => vec![Self::ProofSignature(proof)],
            Self::Proof(proof, Token::FirstSeen(token)) => {
                vec![Self::TokenSignature(token), Self::ProofSignature(proof)]
            }
            Self::Plain | Self::Jwt | Self::TokenSignature(_) | Self::ProofSignature(_) => vec![],
        }
    }

    /// Returns true if the ratio to the floor must not exceed `LIMIT`. Certificates in headers have no
    /// limit, because they are decoded and hashed in each request.
    pub(crate) fn is_limited(self) -> bool {
        match self {
            Self::Certificate(certificate) => certificate == Certificate::Extension,
            work => !work.floor().is_empty(),
        }
    }
}
