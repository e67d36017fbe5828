//! Why no request to a route was let through.

use super::cases::Case;
use super::claims::Tokens;
use super::expected::Expected;
use super::ways::ways;
use crate::policy::Verdict;
use crate::router::Access;

/// What nothing was let through for, though nothing is wrong.
pub(super) fn untried(access: &Access, cases: &[Case], tokens: &Tokens) -> Option<&'static str> {
    let is_let_through = |case: &Case| matches!(case.expected, Expected::LetThrough);
    let Access::Protected(operation) = access else {
        return None;
    };
    if cases.iter().any(is_let_through) {
        return None;
    }
    let requirement = &operation.requirement;
    let ways = ways(requirement).into_iter();
    let verdicts = ways.map(|way| tokens.verdict(requirement, &tokens.claims(&way)));
    let verdicts: Vec<_> = verdicts.collect();
    let is_asked = |verdict: &Option<Verdict>| matches!(verdict, Some(Verdict::Ask(_)));
    Some(if verdicts.iter().any(is_asked) {
        "a check decides"
    } else if verdicts.iter().any(Option::is_none) {
        "it is up to what the application calls this issuer, or to the audiences it takes"
    } else {
        "no token of this issuer satisfies the policy"
    })
}
