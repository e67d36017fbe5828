//! The reasons why the access matrix has no token that a route must accept.

use super::alternatives::ways;
use super::attempts::Attempt;
use super::chosen_claims::ChosenClaims;
use super::expected::Expected;
use super::tokens::Tokens;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::policy::Requirement;

/// Returns the reason why the attempts contain no request that the route must grant, or `None` if
/// they contain one.
pub(super) fn not_tried_reason(
    requirement: &Requirement,
    attempts: &[Attempt],
    issuers: &[Tokens],
    chosen: &ChosenClaims,
) -> Option<&'static str> {
    if attempts.iter().any(|attempt| matches!(attempt.expected, Expected::Granted)) {
        return None;
    }
    let ways = ways(requirement);
    let verdicts: Vec<_> = issuers
        .iter()
        .flat_map(|tokens| {
            ways.iter()
                .map(|way| tokens.verdict(requirement, &chosen.added_to(&tokens.claims(way))))
        })
        .collect();
    Some(if verdicts.contains(&ClaimsVerdict::Check) {
        "a check decides"
    } else if verdicts.contains(&ClaimsVerdict::Unknown) {
        "it depends on the application's name for this issuer, or on its audiences"
    } else {
        "no token of this issuer satisfies the policy"
    })
}
