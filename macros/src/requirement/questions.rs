//! Questions to the compiler: a requirement that another makes pointless or impossible. The runtime
//! has the rules, as functions for constants; there it is also known what a declared scope and a
//! named policy, which are only paths here, stand for.

use proc_macro2::TokenStream;

use super::const_expr::Writer;
use super::{Code, Demand, Leaf, Requirement, contradiction, redundancy};

impl Requirement {
    /// Writes an expression for each requirement that another may make pointless or impossible. The
    /// expression is an error if it does.
    pub(crate) fn questions(&self, runtime: &TokenStream) -> Vec<TokenStream> {
        let writer = Writer::new(self, runtime);
        let mut questions = redundancy::questions(self, &writer);
        questions.extend(contradiction::questions(self, &writer));
        questions
    }

    /// Compares the keys of two requirements: only where some are the same may one imply the other.
    pub(super) fn may_imply(&self, other: &Self) -> bool {
        self.has_pair_with(other, Leaf::may_concern)
    }

    /// The same for one that may exclude the other.
    pub(super) fn may_exclude(&self, other: &Self) -> bool {
        self.has_pair_with(other, |this, other| {
            this.may_concern(other) && this.is_single() && other.is_single()
        })
    }

    fn has_pair_with(&self, other: &Self, wanted: fn(&Leaf, &Leaf) -> bool) -> bool {
        let (these, others) = (self.leaves(), other.leaves());
        let is_in_pair = |this: &&Leaf| others.iter().any(|other| wanted(this, other));
        these.iter().any(is_in_pair)
    }

    fn leaves(&self) -> Vec<&Leaf> {
        match &self.demand {
            Demand::All(members) | Demand::Any(members) => {
                members.iter().flat_map(Self::leaves).collect()
            }
            Demand::Leaf(leaf) => vec![leaf],
        }
    }
}

impl Leaf {
    /// Demands of different keys have nothing to do with each other, but for what a named policy
    /// demands; and the checks of that are none of this policy.
    fn may_concern(&self, other: &Self) -> bool {
        match (self.key(), other.key()) {
            ("policy", key) | (key, "policy") => key != "check",
            (this, other) => this == other,
        }
    }

    /// A token has one value of it at most, or that is not known.
    fn is_single(&self) -> bool {
        match self {
            Self::String(demand, _) => demand.is_single(),
            Self::Code(code) => matches!(code, Code::Policy(_)),
            Self::Declared(_) | Self::MaxAge(_) | Self::Claim(_) => false,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::String(demand, _) => demand.key,
            Self::Declared(_) => super::scope::KEY,
            Self::MaxAge(_) => "max_age",
            Self::Claim(_) => "claim",
            Self::Code(Code::Check(_) | Code::Inline(_)) => "check",
            Self::Code(Code::Policy(_)) => "policy",
        }
    }
}
