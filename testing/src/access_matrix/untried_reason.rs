//! The reasons why the access matrix has not seen each decision of a route.

use super::alternatives::ways;
use super::attempts::Attempt;
use super::chosen_claims::ChosenClaims;
use super::expected::Expected;
use super::tokens::Tokens;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::Proof;
use axum_protected::policy::{Demand, Requirement};

fn demands_dpop(ways: &[Vec<Demand>]) -> bool {
    ways.iter().any(|way| way.contains(&Demand::Proof(Proof::Dpop)))
}

/// Returns the reason why the attempts do not show each decision of the route. A route with a check is
/// not tried without cases, even if other alternatives of its policy grant a request.
pub(super) fn not_tried_reason(
    requirement: &Requirement,
    attempts: &[Attempt],
    issuers: &[Tokens],
    chosen: &ChosenClaims,
) -> Option<&'static str> {
    let ways = ways(requirement);
    let verdicts: Vec<_> = issuers
        .iter()
        .flat_map(|tokens| {
            ways.iter()
                .map(|way| tokens.verdict(requirement, &chosen.added_to(&tokens.claims(way))))
        })
        .collect();
    let takes_keys_only = ways.iter().all(|way| way.contains(&Demand::Issuer("api-keys")));
    let has_grant = attempts.iter().any(|attempt| matches!(attempt.expected, Expected::Granted));
    if verdicts.contains(&ClaimsVerdict::Check) {
        return Some("a check decides");
    }
    (!has_grant).then_some(if takes_keys_only && !ways.is_empty() {
        "it takes API keys only, which the matrix does not send"
    } else if verdicts.contains(&ClaimsVerdict::Unknown) {
        "it depends on the application's name for this issuer, or on its audiences"
    } else if demands_dpop(&ways) && !issuers.iter().any(Tokens::has_dpop) {
        "it demands a DPoP proof: set `public_url`"
    } else {
        "no token of this issuer satisfies the policy"
    })
}
