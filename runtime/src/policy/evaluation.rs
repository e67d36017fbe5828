//! Evaluation of a requirement for the token of a request.

use super::request_facts::{Answers, Facts, Lack, Supposition};
use super::requirement::Requirement;

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Grant,
    Refuse(Lack),
    /// The verdict depends on the check or policy with this number, which the caller must evaluate
    /// first.
    Ask(usize),
}

/// Evaluates a requirement for a request. Does not allocate. Returns [`Verdict::Ask`] only for a
/// check or policy whose result can change the verdict.
pub(crate) fn judge(requirement: &Requirement, facts: &Facts<'_>, answers: Answers) -> Verdict {
    let evaluate_with =
        |checks| evaluate(requirement, facts, answers, Supposition { checks, scopes: None });
    // A requirement can demand that a check passes, but not that a check fails. A requirement that
    // is satisfied if all pending checks fail is therefore also satisfied if some of them pass.
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
/// every pending check passed.
pub(super) fn evaluate_with_scopes(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
    scopes: &[&'static str],
) -> Result<(), Lack> {
    evaluate(requirement, facts, answers, Supposition { checks: true, scopes: Some(scopes) })
}

/// Evaluates a requirement and its members. Returns the greatest [`Lack`] of the members for a
/// [`Requirement::All`], and the smallest for a [`Requirement::Any`].
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
            // The caller calls these checks after [`judge`] has returned `Verdict::Ask` for the
            // policy.
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
