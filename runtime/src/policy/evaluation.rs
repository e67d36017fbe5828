//! Evaluation of a requirement for a token.

use super::request_facts::{Answers, Facts, Lack, Supposition};
use super::requirement::Requirement;

/// The decision about a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Grant,
    Refuse(Lack),
    /// The check with this number must be run first.
    Ask(usize),
}

/// Evaluates a requirement for a request. Never asks for a check whose answer cannot change the
/// verdict, and does not allocate.
pub(crate) fn judge(requirement: &Requirement, facts: &Facts<'_>, answers: Answers) -> Verdict {
    let evaluate_with =
        |checks| evaluate(requirement, facts, answers, Supposition { checks, scopes: None });
    // There is no negation: a requirement that holds with failed checks holds with every answer.
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

/// Evaluates a requirement for a token that has these scopes instead of its own, while every check
/// that has not run passes.
pub(super) fn evaluate_with_scopes(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
    scopes: &[&'static str],
) -> Result<(), Lack> {
    evaluate(requirement, facts, answers, Supposition { checks: true, scopes: Some(scopes) })
}

/// Evaluates a tree: `All` reports the greatest lack of its members, `Any` the smallest.
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
            // Its checks have their own numbers. They run when the verdict asks for this policy.
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
