//! Whether a token satisfies a requirement.

use super::facts::{Answers, Facts, Lack, Supposition};
use super::requirement::Requirement;

/// What is to be done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Grant,
    Refuse(Lack),
    /// It depends on the check of this number.
    Ask(usize),
}

/// Judges a request. Asks no check whose answer cannot change the verdict, and allocates nothing.
pub(crate) fn judge(requirement: &Requirement, facts: &Facts<'_>, answers: Answers) -> Verdict {
    let judged =
        |checks| evaluate(requirement, facts, answers, Supposition { checks, scopes: &[] });
    // No demand is that a check says no: what holds then holds in any case.
    let Err(lack) = judged(false) else {
        return Verdict::Grant;
    };
    if let Err(lack) = judged(true) {
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

/// Finds the scopes that a refused token lacks: the index of the first of the requirement's
/// [`scope_sets`](Requirement::scope_sets) with which the request would be granted or would come to
/// a check. Nothing where scopes would not help.
pub(crate) fn scopes_that_help(
    requirement: &Requirement,
    facts: &Facts<'_>,
    answers: Answers,
) -> Option<usize> {
    requirement.scope_sets().iter().position(|scopes| {
        let supposition = Supposition { checks: true, scopes };
        !scopes.is_empty() && evaluate(requirement, facts, answers, supposition).is_ok()
    })
}

/// Of several demands the worst lack counts, of alternatives the least.
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
            // Its checks have numbers of their own, and are asked by the check that it is here.
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
