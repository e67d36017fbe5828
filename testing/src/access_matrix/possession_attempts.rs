//! The requests with a bound token that present no proof of possession, or a wrong one.

use super::attempts::Attempt;
use super::expected::Expected;
use super::possession::{Binding, Proofs};
use super::tokens::Tokens;
use axum_protected::RefusalKind;
use axum_protected::policy::Demand;
use serde_json::{Map, Value};

/// A mistake in the proofs of a request: its name, and the kind of the refusal.
type Mistake = (Proofs, &'static str, &'static [RefusalKind]);

const DPOP: [Mistake; 6] = [
    (Proofs::NoDpop, "without its DPoP proof", &[RefusalKind::InvalidDpopProof]),
    (Proofs::SchemeBearer, "bound to a key, as a bearer token", &[RefusalKind::BoundToken]),
    (Proofs::UsedDpop, "with a used DPoP proof", &[RefusalKind::InvalidDpopProof]),
    (Proofs::OtherMethod, "with a DPoP proof for another method", &[RefusalKind::InvalidDpopProof]),
    (Proofs::OtherUrl, "with a DPoP proof for another URL", &[RefusalKind::InvalidDpopProof]),
    (Proofs::OtherKey, "with a DPoP proof by another key", &[RefusalKind::WrongProofKey]),
];

const MTLS: [Mistake; 2] = [
    (Proofs::NoCertificate, "without its client certificate", &[RefusalKind::BoundToken]),
    (Proofs::OtherCertificate, "with another client certificate", &[RefusalKind::WrongProofKey]),
];

/// Returns the requests for the first combination of demands with a DPoP proof, and for the first
/// with a client certificate. Every route with such a demand must refuse them.
pub(super) fn possession_attempts(
    ways: &[Vec<Demand>],
    tokens: &Tokens,
    with_chosen: impl Fn(&Map<String, Value>) -> Map<String, Value>,
) -> Vec<Attempt> {
    let all: Vec<_> = ways.iter().map(|way| with_chosen(&tokens.claims(way))).collect();
    let bound = |is_bound: fn(Binding) -> bool| {
        all.iter().find(move |claims| is_bound(Binding::of(claims)))
    };
    let attempts = |claims: &Map<String, Value>, mistakes: &[Mistake]| -> Vec<Attempt> {
        mistakes
            .iter()
            .map(|(proofs, name, kinds)| {
                let name = format!("a token {name}");
                let token = tokens.with(claims.clone());
                let expected = Expected::Refused(kinds);
                Attempt { proofs: *proofs, ..Attempt::with(&name, &token, expected) }
            })
            .collect()
    };
    let of_dpop = bound(|binding| binding.dpop).map(|claims| attempts(claims, &DPOP));
    let of_mtls = bound(|binding| binding.mtls).map(|claims| attempts(claims, &MTLS));
    of_dpop.into_iter().chain(of_mtls).flatten().collect()
}
