//! Evaluation of a requirement for the token of a request.

use super::request_facts::{Answers, Facts, Lack, Supposition};
use super::requirement::Requirement;

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Grant,
    Refuse(Lack),
    /// The caller must run the check or policy with this number first.
    Ask(usize),
}

/// Evaluates a requirement for a request. Does not allocate. Returns [`Verdict::Ask`] only for a
/// check whose answer can change the verdict.
pub(crate) fn judge(requirement: &Requirement, facts: &Facts<'_>, answers: Answers) -> Verdict {
    let evaluate_with =
        |checks| evaluate(requirement, facts, answers, Supposition { checks, scopes: None });
    // Requirements cannot negate a check. A requirement that is satisfied while all open checks
    // fail is therefore satisfied for all answers of these checks.
    let Err(lack) = evaluate_with(false) else {
        return Verdict::Grant;
    };
    if let Err(lack) = evaluate_with(true) {
        return Verdict::Refuse(lack);
    }
    match requirement {
        Requirement::One(demand) => demand.number().map_or(Verdict::Refuse(lack), Verdict::Ask),
        Requirement::All(members) | Requirement::Any(members) => members
            .iter()
            .map(|member| judge(member, facts, answers))
            .find(|verdict| matches!(verdict, Verdict::Ask(_)))
            .unwrap_or(Verdict::Refuse(lack)),
    }
}

/// Evaluates a requirement as if the token had these scopes instead of its own scopes, and as if
/// every check that has not run passed.
pub(super) fn evaluate_with_scopes(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
    scopes: &[&'static str],
) -> Result<(), Lack> {
    evaluate(requirement, facts, answers, Supposition { checks: true, scopes: Some(scopes) })
}

/// Evaluates a requirement and its members. [`Requirement::All`] returns the greatest lack of its
/// members, and [`Requirement::Any`] returns the smallest lack.
fn evaluate(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
    supposition: Supposition<'_>,
) -> Result<(), Lack> {
    let each = |member| evaluate(member, facts, answers, supposition);
    match requirement {
        Requirement::All(members) => members.iter().map(each).max().unwrap_or(Ok(())),
        Requirement::Any(members) => {
            let least = members.iter().map(each).min();
            least.unwrap_or(Err(Lack::Authorization))
        }
        Requirement::One(demand) => match demand.parts().policy {
            // A named policy numbers its checks separately, so `answers` does not apply to them.
            // The caller runs these checks when [`judge`] returns `Verdict::Ask` for the policy.
            Some(policy) if answers.of(policy.number).is_none() => {
                let requirement = &policy.operation.requirement;
                evaluate(requirement, facts, Answers::default(), supposition)
            }
            _ => demand.judge(facts, answers, supposition),
        },
    }
}

#[cfg(test)]
pub(crate) mod tests;
