//! What could be left out without changing anything: it is not what somebody meant.

use super::groups::{Group, Joint};
use super::{Requirement, Tree};
use crate::errors::Errors;

/// Reports every requirement that another of its group makes pointless.
pub(crate) fn check(requirement: &Requirement, errors: &mut Errors) {
    for group in requirement.groups() {
        let trees: Vec<_> = group.members.iter().copied().map(Tree::from).collect();
        for (member, tree) in group.members.iter().zip(&trees) {
            report(&group, &trees, member, tree, errors);
        }
    }
}

fn report(
    group: &Group<'_>,
    trees: &[Tree],
    member: &Requirement,
    tree: &Tree,
    errors: &mut Errors,
) {
    let mut is_before = true;
    for (other, other_tree) in group.members.iter().zip(trees) {
        if std::ptr::eq(*other, member) {
            is_before = false;
            continue;
        }
        let makes_pointless = match group.joint {
            Joint::All => other_tree.implies(tree),
            Joint::Any => tree.implies(other_tree),
        };
        let is_same = tree.implies(other_tree) && other_tree.implies(tree);
        // Of two that are the same the first stays.
        if !makes_pointless || is_same && !is_before {
            continue;
        }
        errors.at(&member.written, message(group.joint, member, other));
        return;
    }
}

/// What to say of a member that another makes pointless.
pub(super) fn message(joint: Joint, member: &Requirement, other: &Requirement) -> String {
    let (written, other) = (member.to_string(), other.to_string());
    let other = if written == other {
        "the same before it".to_owned()
    } else {
        format!("`{other}`")
    };
    let says = match joint {
        Joint::All => "demands it",
        Joint::Any => "suffices",
    };
    format!("`{written}` is redundant here: {other} already {says}, remove it")
}
