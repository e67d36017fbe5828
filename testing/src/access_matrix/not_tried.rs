//! Why no request to a route was let through.

use super::alternatives::ways;
use super::cases::Case;
use super::expected::Expected;
use super::tokens::Tokens;
use axum_protected::__testing::ClaimsVerdict;
use axum_protected::router::Access;

/// What nothing was let through for, though nothing is wrong.
pub(super) fn untried(access: &Access, cases: &[Case], tokens: &Tokens) -> Option<&'static str> {
    let Access::Protected(operation) = access else {
        return None;
    };
    if cases.iter().any(|case: &Case| matches!(case.expected, Expected::LetThrough)) {
        return None;
    }
    let requirement = &operation.requirement;
    let ways = ways(requirement).into_iter();
    let verdicts: Vec<_> =
        ways.map(|way| tokens.verdict(requirement, &tokens.claims(&way))).collect();
    Some(if verdicts.contains(&ClaimsVerdict::Check) {
        "a check decides"
    } else if verdicts.contains(&ClaimsVerdict::Unknown) {
        "it is up to what the application calls this issuer, or to the audiences it takes"
    } else {
        "no token of this issuer satisfies the policy"
    })
}
