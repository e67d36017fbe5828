//! The requests that the access matrix sends to a route.

use serde_json::{Map, Value};

use super::alternatives::ways;
use super::expected::Expected;
use super::tokens::Tokens;
use crate::TokenBuilder;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::policy::{Demand, Requirement};
use axum_protected::router::Access;

/// A request to a route, and the response that the request must get.
pub(super) struct Case {
    pub(super) name: String,
    pub(super) token: Option<String>,
    pub(super) in_query: bool,
    pub(super) expected: Expected,
}

impl Case {
    fn new(name: &str, token: Option<String>, expected: Expected) -> Self {
        Self { name: name.to_owned(), token, in_query: false, expected }
    }
}

/// Returns the requests to a route with this access, each with the response that the request must
/// get.
pub(super) fn cases(access: &Access, tokens: &Tokens) -> Vec<Case> {
    let Access::Protected(operation) = access else {
        return vec![Case::new("no token", None, Expected::Granted)];
    };
    let requirement = &operation.requirement;
    let mut ways = ways(requirement);
    if ways.is_empty() {
        // No token satisfies this policy, so the route must refuse even a valid token.
        ways.push(Vec::new());
    }
    let first = ways.first().map(Vec::as_slice).unwrap_or_default();
    let mut cases = invalid_tokens(tokens, first);
    cases.extend(policy_cases(requirement, &ways, tokens));
    cases
}

/// Returns the requests without a token or with an invalid token, which every protected route must
/// refuse.
fn invalid_tokens(tokens: &Tokens, demands: &[Demand]) -> Vec<Case> {
    let good = || tokens.with(tokens.claims(demands));
    let other_audience = tokens.for_other_audience(tokens.claims(demands));
    let other_issuer = good().claim("iss", "https://other.invalid");
    let refused = |name, token| Case::new(name, Some(token), Expected::UNAUTHORIZED);
    let signed = |name, token: TokenBuilder| refused(name, token.sign());
    vec![
        Case::new("no token", None, Expected::UNAUTHORIZED),
        refused("garbage", "a.b.c".to_owned()),
        signed("an expired token", good().expired()),
        signed("another issuer", other_issuer),
        signed("another audience", tokens.with(other_audience)),
        signed("another type", good().header("typ", "dpop+jwt")),
        Case { in_query: true, ..signed("the token in the query", good()) },
    ]
}

/// Returns the requests for each combination of demands that satisfies the policy: one request
/// whose token satisfies all demands of the combination, and one request for each demand that the
/// token leaves out. The result contains only one request for tokens with the same claims.
fn policy_cases(requirement: &Requirement, ways: &[Vec<Demand>], tokens: &Tokens) -> Vec<Case> {
    let mut tried = Vec::new();
    let mut cases = Vec::new();
    for way in ways {
        for (left_out, claims) in variations(way, tokens) {
            let verdict = tokens.verdict(requirement, &claims);
            if let Some(expected) = Expected::of(verdict).filter(|_| !tried.contains(&claims)) {
                let mut name = match left_out {
                    Some(demand) => format!("without {}", word(&demand)),
                    None if verdict == ClaimsVerdict::Grant => "exactly enough".to_owned(),
                    None => "a good token".to_owned(),
                };
                if ways.len() > 1 {
                    let words: Vec<_> = way.iter().map(word).collect();
                    name = format!("{name} ({})", words.join(" and "));
                }
                let token = tokens.with(claims.clone()).sign();
                cases.push(Case::new(&name, Some(token), expected));
                tried.push(claims);
            }
        }
    }
    cases
}

/// The demand that a token leaves out, or `None` if the token satisfies all demands, and the claims
/// of the token.
type Variation = (Option<Demand>, Map<String, Value>);

fn variations(way: &[Demand], tokens: &Tokens) -> Vec<Variation> {
    let whole = tokens.claims(way);
    let mut variations = Vec::new();
    for demand in way {
        // The same scope may appear as a string and as a declared scope, so demands are compared by
        // their text.
        let others = way.iter().filter(|other| word(other) != word(demand));
        let claims = tokens.claims(&others.copied().collect::<Vec<_>>());
        // If no claim expresses the demand, for example a check, the claims are the same without
        // the demand.
        if claims != whole {
            variations.push((Some(*demand), claims));
        }
    }
    variations.push((None, whole));
    variations
}

fn word(demand: &Demand) -> String {
    let requirement = Requirement::One(*demand);
    if requirement.scopes().is_empty() {
        requirement.to_string()
    } else {
        format!("`{requirement}`")
    }
}
