//! What no token can satisfy.

use super::claim::Value;
use super::{Demand, Leaf, Requirement, Word};
use crate::errors::Errors;

/// Reports demands of one conjunction that cannot both hold, on each of them, and cases that
/// cannot hold beside what is demanded.
pub(crate) fn check(requirement: &Requirement, errors: &mut Errors) {
    for beside in requirement.besides() {
        let is_told = |other| beside.within.is_some_and(|within| excludes(within, other));
        let mut others = beside.others.iter();
        let other = others.find(|other| excludes(beside.member, other) && !is_told(other));
        if let Some(other) = other {
            errors.at(&beside.member.written, beside.message(other));
        }
    }
}

/// Whether what satisfies the one cannot satisfy the other. It may miss that.
fn excludes(one: &Requirement, other: &Requirement) -> bool {
    match (&one.demand, &other.demand) {
        (Demand::Any(cases), _) => cases.iter().all(|case| excludes(case, other)),
        (_, Demand::Any(cases)) => cases.iter().all(|case| excludes(one, case)),
        // One part may exclude the cases of another only together with its neighbours.
        (Demand::All(parts), Demand::All(others)) => {
            parts.iter().any(|part| excludes(part, other))
                || others.iter().any(|part| excludes(one, part))
        }
        (Demand::All(parts), Demand::Leaf(_)) => parts.iter().any(|part| excludes(part, other)),
        (Demand::Leaf(_), Demand::All(parts)) => parts.iter().any(|part| excludes(one, part)),
        (Demand::Leaf(one), Demand::Leaf(other)) => leaf_excludes(one, other),
    }
}

fn leaf_excludes(one: &Leaf, other: &Leaf) -> bool {
    match (one, other) {
        (Leaf::Word(one, text), Leaf::Word(other, other_text)) => {
            one == other && one.is_single() && differ(*one, &text.value(), &other_text.value())
        }
        (Leaf::Claim(one), Leaf::Claim(other)) => match (&one.value, &other.value) {
            // An array could have both, but nobody means that one.
            (Value::Bool(truth), Value::Bool(other_truth)) => {
                truth != other_truth && one.path() == other.path()
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether no token has both. An issuer may have a name besides its identifier, which is a URL; so
/// two names are two issuers, and of anything else that is not known.
fn differ(word: Word, text: &str, other: &str) -> bool {
    let is_name = |text: &str| {
        !["https://", "http://"]
            .iter()
            .any(|url| text.starts_with(url))
    };
    text != other && (word != Word::Issuer || is_name(text) && is_name(other))
}
