//! What no token can satisfy.

use super::claim::Value;
use super::groups::Joint;
use super::{Demand, Leaf, Requirement};
use crate::errors::Errors;

/// Reports demands of one conjunction that cannot both hold, on each of them.
pub(crate) fn check(requirement: &Requirement, errors: &mut Errors) {
    if let Demand::Leaf(_) = requirement.demand {
        return;
    }
    for group in requirement.groups() {
        if group.joint == Joint::Any {
            continue;
        }
        for member in &group.members {
            let other = group.members.iter().find(|other| excludes(member, other));
            if let Some(other) = other {
                report(member, other, errors);
            }
        }
    }
}

fn report(member: &Requirement, other: &Requirement, errors: &mut Errors) {
    let fix = match member.demand {
        Demand::Leaf(Leaf::Claim(_)) => "remove one".to_owned(),
        _ => format!("write `any({member}, {other})`"),
    };
    errors.at(
        &member.written,
        format!("`{member}` and `{other}` cannot both hold: {fix}"),
    );
}

fn excludes(one: &Requirement, other: &Requirement) -> bool {
    let (Demand::Leaf(one), Demand::Leaf(other)) = (&one.demand, &other.demand) else {
        return false;
    };
    match (one, other) {
        (Leaf::Word(one, text), Leaf::Word(other, other_text)) => {
            one == other && one.is_single() && text.value() != other_text.value()
        }
        (Leaf::Claim(one), Leaf::Claim(other)) => match (&one.value, &other.value) {
            (Value::Bool(truth), Value::Bool(other_truth)) => {
                truth != other_truth && one.path() == other.path()
            }
            _ => false,
        },
        _ => false,
    }
}
