//! The credentials of the requests of a case.

use axum_protected::Algorithm::{self, ES256, EdDSA, RS256};
use axum_protected_testing::{DpopKey, SigningKeys};
use serde::{Deserialize, Serialize};

use crate::case::{Token, Work};
use crate::certificate;
use crate::common::app;
use crate::common::tokens::{AUDIENCE, token};
use crate::stage::{ISSUER, OPAQUE_TOKEN};

/// The algorithm of tokens that are known, which costs nothing then.
const OF_KNOWN: Algorithm = ES256;

/// The credentials of one request.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Sent {
    /// The access token, without its scheme.
    pub(crate) token: String,
    pub(crate) proof: Option<String>,
    pub(crate) certificate: Option<(String, String)>,
}

/// The keys of the issuer and of the client.
pub(crate) struct Keys {
    pub(crate) issuer: SigningKeys,
    client: [(Algorithm, DpopKey); 3],
}

/// A source of credentials, which signs them outside of the measured part.
pub(crate) struct Source<'a> {
    work: Work,
    keys: &'a Keys,
    /// The token of a work with a known token.
    known: String,
}

impl Keys {
    pub(crate) fn generate() -> Self {
        let all = [ES256, EdDSA, RS256];
        let client = all.map(|algorithm| (algorithm, DpopKey::for_algorithm(algorithm).unwrap()));
        Self { issuer: SigningKeys::generate(&all).unwrap(), client }
    }

    fn of_client(&self, algorithm: Algorithm) -> &DpopKey {
        let found = self.client.iter().find(|(own, _)| *own == algorithm);
        found.map(|(_, key)| key).unwrap()
    }
}

impl<'a> Source<'a> {
    pub(crate) fn new(work: Work, keys: &'a Keys) -> Self {
        let good = |algorithm| token(&keys.issuer, ISSUER, algorithm);
        let known = match work {
            Work::Opaque => OPAQUE_TOKEN.to_owned(),
            Work::Certificate(_) => good(OF_KNOWN).bound_to_certificate(certificate::der()).sign(),
            Work::Proof(algorithm, _) | Work::ProofSignature(algorithm) => {
                good(OF_KNOWN).bound_to(keys.of_client(algorithm)).sign()
            }
            _ => good(OF_KNOWN).sign(),
        };
        Self { work, keys, known }
    }

    pub(crate) fn take(&self, count: usize) -> Vec<Sent> {
        std::iter::repeat_with(|| self.one()).take(count).collect()
    }

    fn one(&self) -> Sent {
        let token = match self.work {
            Work::Proof(proof, Token::FirstSeen(algorithm)) => {
                token(&self.keys.issuer, ISSUER, algorithm)
                    .bound_to(self.keys.of_client(proof))
                    .sign()
            }
            Work::TokenSignature(algorithm) => token(&self.keys.issuer, ISSUER, algorithm).sign(),
            _ => self.known.clone(),
        };
        let proof = match self.work {
            Work::Proof(algorithm, _) | Work::ProofSignature(algorithm) => {
                let url = format!("{AUDIENCE}{}", app::PROTECTED);
                let key = self.keys.of_client(algorithm);
                Some(key.proof("GET", url).access_token(&token).sign())
            }
            _ => None,
        };
        let certificate = match self.work {
            Work::Certificate(place) => certificate::header(place),
            _ => None,
        };
        let certificate = certificate.map(|(name, value)| (name.to_owned(), value));
        Sent { token, proof, certificate }
    }
}
