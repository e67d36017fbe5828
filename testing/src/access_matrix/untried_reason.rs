//! The reasons why the access matrix has no token that a route must accept.

use super::alternatives::ways;
use super::cases::Case;
use super::expected::Expected;
use super::tokens::Tokens;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::router::Access;

/// Returns the reason why the cases contain no request that the route must grant. Returns `None` if
/// the cases contain a request that the route must grant, or if the route is public.
pub(super) fn not_tried_reason(
    access: &Access,
    cases: &[Case],
    tokens: &Tokens,
) -> Option<&'static str> {
    let Access::Protected(operation) = access else {
        return None;
    };
    if cases.iter().any(|case| matches!(case.expected, Expected::Granted)) {
        return None;
    }
    let requirement = &operation.requirement;
    let verdicts: Vec<_> = ways(requirement)
        .into_iter()
        .map(|way| tokens.verdict(requirement, &tokens.claims(&way)))
        .collect();
    Some(if verdicts.contains(&ClaimsVerdict::Check) {
        "a check decides"
    } else if verdicts.contains(&ClaimsVerdict::Unknown) {
        "it depends on the application's name for this issuer, or on its audiences"
    } else {
        "no token of this issuer satisfies the policy"
    })
}
