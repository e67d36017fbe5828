//! The rules of an explanation, and the outcome of each.

use serde::Serialize;

use crate::error::{Fault, Step, TokenError};

/// A rule and its outcome for a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExplainedRule {
    /// A sentence that is true of each token that passes the rule.
    pub rule: &'static str,
    /// The outcome for this token.
    pub outcome: RuleOutcome,
}

/// The outcome of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RuleOutcome {
    /// The token passes the rule.
    Passed,
    /// The rule is the first that the token fails.
    Failed,
    /// The token failed an earlier rule.
    NotReached,
}

/// Returns the steps of a token. Leaves out the steps that are about a request or an API key.
pub(super) fn token_steps() -> Vec<Step> {
    let is_of_token = |step: &Step| (Step::Form..Step::Possession).contains(step);
    Step::ALL.iter().copied().filter(is_of_token).collect()
}

/// The steps of an API key.
pub(super) const KEY_STEPS: [Step; 2] = [Step::Key, Step::Revocation];

/// Returns the steps of a token about which the server asks. The claims are those of the answer.
/// `is_jwt` is true if the signature of the token was verified before.
pub(super) fn answer_steps(is_jwt: bool) -> Vec<Step> {
    let before: &[Step] =
        if is_jwt { &[Step::Form, Step::Issuer, Step::Header, Step::Signature] } else { &[] };
    let after = [
        Step::Introspection,
        Step::Claims,
        Step::Binding,
        Step::Kind,
        Step::Audience,
        Step::Lifetime,
        Step::Scopes,
        Step::Details,
        Step::Revocation,
    ];
    [before, &after].concat()
}

/// Returns the outcome of each of these steps, which the server applies in this order.
pub(super) fn explained_rules(steps: &[Step], error: Option<&TokenError>) -> Vec<ExplainedRule> {
    let failed = error.map(|error| {
        let step = error.fault().map(Fault::step);
        steps.iter().position(|one| Some(*one) == step)
    });
    let outcome = |index: usize| match failed {
        None => RuleOutcome::Passed,
        Some(Some(failed)) if index < failed => RuleOutcome::Passed,
        Some(Some(failed)) if index == failed => RuleOutcome::Failed,
        Some(_) => RuleOutcome::NotReached,
    };
    let rule = |(index, step): (usize, &Step)| ExplainedRule {
        rule: step.title(),
        outcome: outcome(index),
    };
    steps.iter().enumerate().map(rule).collect()
}
