//! Demands that run the application's own code.

use super::demand::Demand;
use super::operation::Operation;
use super::requirement::Requirement;

/// A check of the policy; `check = ...` in an attribute writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckDemand {
    /// The name for documents and logs.
    pub name: &'static str,
    /// Its place among the policy's checks.
    pub(crate) number: usize,
}

/// Another policy, which counts as a check of this one; `policy = ...` in an attribute writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyDemand {
    /// The other policy.
    pub operation: &'static Operation,
    /// Its place among the policy's checks.
    pub(crate) number: usize,
}

/// The demand for the check of this number.
#[must_use]
pub const fn check(number: usize, name: &'static str) -> Requirement {
    Requirement::One(Demand::Check(CheckDemand { name, number }))
}

/// The demand for another policy, which is the check of this number.
#[must_use]
pub const fn policy(number: usize, operation: &'static Operation) -> Requirement {
    Requirement::One(Demand::Policy(PolicyDemand { operation, number }))
}
