//! The requests that the access matrix sends to a route.

use axum::body::Bytes;
use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::alternatives::ways;
use super::chosen_claims::ChosenClaims;
use super::expected::Expected;
use super::possession::{Binding, Proofs};
use super::possession_attempts::possession_attempts;
use super::tokens::Tokens;
use super::variations::{name, variations};
use crate::TokenBuilder;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::RefusalKind;
use axum_protected::policy::{Demand, Requirement};

/// A request to a route, and the result that the request must have.
pub(super) struct Attempt {
    pub(super) name: String,
    pub(super) token: Option<String>,
    /// The keys to which the token is bound.
    pub(super) binding: Binding,
    pub(super) proofs: Proofs,
    pub(super) place: Place,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) expected: Expected,
}

impl Attempt {
    pub(super) fn new(name: &str, token: Option<String>, expected: Expected) -> Self {
        Self {
            name: name.to_owned(),
            token,
            binding: Binding::default(),
            proofs: Proofs::Right,
            place: Place::Header,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            expected,
        }
    }

    /// Creates a request with a token. The request presents the proofs of the keys to which the
    /// token is bound.
    pub(super) fn with(name: &str, token: &TokenBuilder, expected: Expected) -> Self {
        let binding = Binding::of(token.claims());
        Self { binding, ..Self::new(name, Some(token.clone().sign()), expected) }
    }
}

/// The place of the token in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Header,
    Query,
    Cookie,
    CookieAndHeader,
}

/// The requests to a protected route, and the chosen claims that some of them cannot have.
#[derive(Default)]
pub(super) struct Attempts {
    pub(super) attempts: Vec<Attempt>,
    pub(super) conflicts: Vec<String>,
}

/// Returns the requests to a route with this requirement. The first of the issuers issues the
/// invalid tokens, unless only another issuer can satisfy the requirement.
pub(super) fn attempts(
    requirement: &Requirement,
    issuers: &[Tokens],
    chosen: &ChosenClaims,
) -> Attempts {
    let mut attempts = Attempts::default();
    if let Some((tokens, way)) = satisfying(requirement, issuers, chosen) {
        attempts.attempts = invalid_tokens(tokens, &chosen.added_to(&tokens.claims(&way)));
    }
    if let Some(tokens) = issuers.first() {
        let ways = ways(requirement);
        let with_chosen = |claims: &Map<_, _>| chosen.added_to(claims);
        attempts.attempts.extend(possession_attempts(&ways, tokens, with_chosen));
    }
    for tokens in issuers {
        policy_attempts(requirement, tokens, chosen, &mut attempts);
    }
    attempts
}

/// Returns an issuer and demands, so that a token of this issuer that satisfies the demands leaves
/// the decision to a check, or satisfies the requirement. If there is none, returns the first
/// issuer.
pub(super) fn satisfying<'a>(
    requirement: &Requirement,
    issuers: &'a [Tokens],
    chosen: &ChosenClaims,
) -> Option<(&'a Tokens, Vec<Demand>)> {
    let ways = ways(requirement);
    let with_verdict = |wanted: ClaimsVerdict| {
        issuers.iter().find_map(|tokens| {
            let way = ways.iter().find(|way| {
                let claims = chosen.added_to(&tokens.claims(way));
                tokens.verdict(requirement, &claims) == wanted
            });
            way.map(|way| (tokens, way.clone()))
        })
    };
    with_verdict(ClaimsVerdict::Check).or_else(|| with_verdict(ClaimsVerdict::Grant)).or_else(
        || {
            let first = ways.first().cloned().unwrap_or_default();
            issuers.first().map(|tokens| (tokens, first))
        },
    )
}

/// Returns the requests without a token or with an invalid token, which every protected route must
/// refuse.
fn invalid_tokens(tokens: &Tokens, claims: &Map<String, Value>) -> Vec<Attempt> {
    use RefusalKind as Kind;
    let good = || tokens.with(claims.clone());
    let other_audience = tokens.with(tokens.for_other_audience(claims.clone()));
    let other_issuer = good().claim("iss", "https://other.invalid");
    let other_type = good().header("typ", "dpop+jwt");
    let signed =
        |name, token: TokenBuilder, kinds| Attempt::with(name, &token, Expected::Refused(kinds));
    let garbage = Some("a.b.c".to_owned());
    vec![
        Attempt::new("no token", None, Expected::Refused(&[Kind::MissingToken])),
        Attempt::new("garbage", garbage, Expected::Refused(&[Kind::MalformedToken])),
        signed("an expired token", tokens.expired(claims.clone()), &[Kind::Expired]),
        signed("another issuer", other_issuer, &[Kind::UnknownIssuer]),
        signed("another audience", other_audience, &[Kind::WrongAudience]),
        signed("another type", other_type, &[Kind::WrongType]),
        Attempt {
            place: Place::Query,
            ..signed("the token in the query", good(), &[Kind::MissingToken])
        },
    ]
}

/// Adds the requests for each combination of demands that satisfies the policy: one request whose
/// token satisfies all demands of the combination, and one request for each demand that the token
/// leaves out. Adds only one request for tokens with the same claims. If no combination satisfies
/// the policy, adds a request with a valid token.
fn policy_attempts(
    requirement: &Requirement,
    tokens: &Tokens,
    chosen: &ChosenClaims,
    attempts: &mut Attempts,
) {
    let mut ways = ways(requirement);
    if ways.is_empty() {
        ways.push(Vec::new());
    }
    let mut tried = Vec::new();
    for way in &ways {
        for (variation, claims) in variations(way, tokens) {
            let verdict = tokens.verdict(requirement, &claims);
            let name = name(variation, verdict, tokens, &ways, way);
            let names = deciding(chosen, requirement, tokens, &claims);
            attempts.conflicts.extend(names.map(|names| format!("{name}: {names}")));
            let expected = Expected::of(verdict).filter(|_| !tried.contains(&claims));
            if let Some(expected) = expected {
                let token = tokens.with(chosen.added_to(&claims));
                attempts.attempts.push(Attempt::with(&name, &token, expected));
                tried.push(claims);
            }
        }
    }
}

/// Returns the names of the chosen claims that change the verdict on a token with these claims.
/// Such a claim would give the token what it must lack, or take from it what it must have.
fn deciding(
    chosen: &ChosenClaims,
    requirement: &Requirement,
    tokens: &Tokens,
    claims: &Map<String, Value>,
) -> Option<String> {
    let changes = |chosen: &ChosenClaims| {
        tokens.verdict(requirement, &chosen.added_to(claims)) != tokens.verdict(requirement, claims)
    };
    if !changes(chosen) {
        return None;
    }
    let alone: Vec<_> = chosen
        .each()
        .filter(|(_, claim)| changes(claim))
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    Some(if alone.is_empty() { chosen.names() } else { alone.join(", ") })
}
