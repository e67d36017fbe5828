//! Requirements reduced to what one says about another. Nothing here knows tokens.

use super::claim::Value;
use super::{Code, Demand, Leaf, Requirement};

/// A requirement without its spelling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tree {
    All(Vec<Self>),
    Any(Vec<Self>),
    Atom(Atom),
}

/// A demand without parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Atom {
    /// Says nothing about others.
    Is(String),
    /// A shorter time implies each longer one.
    Within(u64),
}

impl Tree {
    /// Whether what satisfies this satisfies the other as well. It may miss an implication, and
    /// never invents one.
    pub(crate) fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::All(parts)) => parts.iter().all(|part| self.implies(part)),
            (Self::Any(cases), _) => cases.iter().all(|case| case.implies(other)),
            (Self::All(parts), Self::Any(cases)) => {
                parts.iter().any(|part| part.implies(other))
                    || cases.iter().any(|case| self.implies(case))
            }
            (Self::All(parts), Self::Atom(_)) => parts.iter().any(|part| part.implies(other)),
            (Self::Atom(_), Self::Any(cases)) => cases.iter().any(|case| self.implies(case)),
            (Self::Atom(this), Self::Atom(other)) => this.implies(other),
        }
    }
}

impl Atom {
    fn implies(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Within(this), Self::Within(other)) => this <= other,
            _ => self == other,
        }
    }
}

impl From<&Requirement> for Tree {
    fn from(requirement: &Requirement) -> Self {
        let members = |members: &[Requirement]| members.iter().map(Self::from).collect();
        match &requirement.demand {
            Demand::All(parts) => Self::All(members(parts)),
            Demand::Any(cases) => Self::Any(members(cases)),
            Demand::Leaf(leaf) => Self::Atom(Atom::from(leaf)),
        }
    }
}

impl From<&Leaf> for Atom {
    fn from(leaf: &Leaf) -> Self {
        Self::Is(match leaf {
            Leaf::MaxAge(age) => return Self::Within(age.seconds),
            Leaf::Claim(claim) => match &claim.value {
                Value::Text(text) => format!("claim {:?} {:?}", claim.path(), text.value()),
                Value::Integer(number) => format!("claim {:?} {number}", claim.path()),
                Value::Bool(truth) => format!("claim {:?} {truth}", claim.path()),
            },
            // No closure is another, whatever they look like.
            Leaf::Code(code @ Code::Inline(_)) => format!("{:p}", std::ptr::from_ref(code)),
            Leaf::Word(..) | Leaf::Declared(_) | Leaf::Code(_) => leaf.to_string(),
        })
    }
}
