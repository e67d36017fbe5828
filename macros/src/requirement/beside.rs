//! What of a tree must hold beside what.

use super::groups::Joint;
use super::{Demand, Leaf, Requirement};

/// A requirement, and what else must hold where it does.
pub(super) struct Beside<'a> {
    pub(super) member: &'a Requirement,
    /// Of a case what it is within, and what is told instead where that cannot hold either.
    pub(super) within: Option<&'a Requirement>,
    pub(super) others: Vec<&'a Requirement>,
}

impl Requirement {
    /// Every member of every conjunction, and each case within it.
    pub(super) fn besides(&self) -> Vec<Beside<'_>> {
        let mut found = Vec::new();
        for group in self.groups() {
            if group.joint == Joint::Any {
                continue;
            }
            for member in &group.members {
                let others = group.members.iter().copied();
                let others: Vec<_> = others
                    .filter(|other| !std::ptr::eq(*other, *member))
                    .collect();
                found.push(Beside {
                    member,
                    within: None,
                    others: others.clone(),
                });
                cases(member, &others, &mut found);
            }
        }
        found
    }
}

fn cases<'a>(within: &'a Requirement, others: &[&'a Requirement], found: &mut Vec<Beside<'a>>) {
    for part in within.joined(Joint::All) {
        let Demand::Any(_) = part.demand else {
            continue;
        };
        for case in part.joined(Joint::Any) {
            found.push(Beside {
                member: case,
                within: Some(within),
                others: others.to_vec(),
            });
            cases(case, others, found);
        }
    }
}

impl Beside<'_> {
    /// What to say where it cannot hold beside another.
    pub(super) fn message(&self, other: &Requirement) -> String {
        let member = self.member;
        if self.within.is_some() {
            return format!("`{member}` cannot hold beside `{other}`: remove it");
        }
        let fix = alternatives(member, other).unwrap_or_else(|| "remove one".to_owned());
        format!("`{member}` and `{other}` cannot both hold: {fix}")
    }
}

/// Of strings somebody may have meant that one of them suffices.
fn alternatives(member: &Requirement, other: &Requirement) -> Option<String> {
    let cases = [member.joined(Joint::Any), other.joined(Joint::Any)].concat();
    let is_word = |case: &&Requirement| matches!(case.demand, Demand::Leaf(Leaf::Word(..)));
    let shown: Vec<_> = cases.iter().map(ToString::to_string).collect();
    let any = format!("write `any({})`", shown.join(", "));
    cases.iter().all(is_word).then_some(any)
}
