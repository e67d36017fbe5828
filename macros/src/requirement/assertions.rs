//! Compile-time assertions that no requirement makes another requirement redundant or impossible.
//! The rules are `const` functions of the runtime crate, which can read the values of declared
//! scopes and named policies. This crate sees only the paths of declared scopes and named policies.

use proc_macro2::TokenStream;

use super::const_expr::Writer;
use super::{Code, Demand, Leaf, Requirement, contradiction, redundancy};

impl Requirement {
    /// Returns the code of a compile-time assertion for each requirement that another requirement
    /// may make redundant or impossible. The assertion does not compile if the other requirement
    /// makes this requirement redundant or impossible.
    pub(crate) fn assertions(&self, runtime: &TokenStream) -> Vec<TokenStream> {
        let writer = Writer::new(self, runtime);
        let mut assertions = redundancy::assertions(self, &writer);
        assertions.extend(contradiction::assertions(self, &writer));
        assertions
    }

    /// Returns true if the two requirements contain demands with related keys. Without such demands
    /// neither requirement can imply the other.
    pub(super) fn may_imply(&self, other: &Self) -> bool {
        self.has_pair_with(other, Leaf::may_relate)
    }

    /// Returns true if the two requirements contain demands with related keys for which
    /// [`Leaf::is_single`] returns true. Without such demands neither requirement can exclude the
    /// other.
    pub(super) fn may_exclude(&self, other: &Self) -> bool {
        self.has_pair_with(other, |this, other| {
            this.may_relate(other) && this.is_single() && other.is_single()
        })
    }

    fn has_pair_with(&self, other: &Self, is_pair: fn(&Leaf, &Leaf) -> bool) -> bool {
        let (these, others) = (self.leaves(), other.leaves());
        these.iter().any(|this| others.iter().any(|other| is_pair(this, other)))
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
    /// Returns true if two demands have the same key, or if one demand is a named policy, which may
    /// contain demands with any key. A named policy is not related to a check, because the checks
    /// inside a named policy are not compared with the checks outside.
    fn may_relate(&self, other: &Self) -> bool {
        match (self.key(), other.key()) {
            ("policy", key) | (key, "policy") => key != "check",
            (this, other) => this == other,
        }
    }

    /// Returns true if a token has at most one value for this demand, or if the number of values is
    /// unknown.
    fn is_single(&self) -> bool {
        match self {
            Self::String(demand, _) => demand.is_single(),
            Self::Code(code) => matches!(code, Code::Policy(_)),
            Self::Declared(_)
            | Self::MaxAge(_)
            | Self::Claim(_)
            | Self::Proof(_)
            | Self::Details(_) => false,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Self::String(demand, _) => demand.key,
            Self::Declared(value) => value.key,
            Self::MaxAge(_) => "max_age",
            Self::Claim(_) => "claim",
            Self::Proof(_) => "proof",
            Self::Details(_) => "details",
            Self::Code(Code::Check(_) | Code::ConstantCheck(..) | Code::Inline(_)) => "check",
            Self::Code(Code::Policy(_)) => "policy",
        }
    }
}
