//! Compile-time assertions: no requirement makes another redundant or impossible. The rules are `const`
//! functions of the runtime, which sees the values of declared scopes and named policies; here these
//! are only paths.

use proc_macro2::TokenStream;

use super::const_expr::Writer;
use super::{Code, Demand, Leaf, Requirement, contradiction, redundancy};

impl Requirement {
    /// Writes an expression for each requirement that another may make redundant or impossible. The
    /// expression does not compile if it does.
    pub(crate) fn assertions(&self, runtime: &TokenStream) -> Vec<TokenStream> {
        let writer = Writer::new(self, runtime);
        let mut assertions = redundancy::assertions(self, &writer);
        assertions.extend(contradiction::assertions(self, &writer));
        assertions
    }

    /// Compares the keys of two requirements: one can imply the other only if they share a key.
    pub(super) fn may_imply(&self, other: &Self) -> bool {
        self.has_pair_with(other, Leaf::may_relate)
    }

    /// Compares the keys of two requirements: one can exclude the other only if they share a key with
    /// one value per token.
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
    /// Checks if two demands can be related. Demands of different keys cannot, except that a named
    /// policy may contain any demand. Its checks are not compared with those of this policy.
    fn may_relate(&self, other: &Self) -> bool {
        match (self.key(), other.key()) {
            ("policy", key) | (key, "policy") => key != "check",
            (this, other) => this == other,
        }
    }

    /// Checks if a token has at most one value for this demand, or if that is unknown.
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
            Self::Declared(_) => super::declared_scope::KEY,
            Self::MaxAge(_) => "max_age",
            Self::Claim(_) => "claim",
            Self::Code(Code::Check(_) | Code::Inline(_)) => "check",
            Self::Code(Code::Policy(_)) => "policy",
        }
    }
}
