//! Demands that run code of the application.

use super::operation::Operation;

/// A check of the policy, from `check = ...` in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckDemand {
    /// The name in documents and logs.
    pub name: &'static str,
    /// Its position among the policy's checks.
    pub(crate) number: usize,
}

/// Another policy, from `policy = ...` in an attribute. It counts as a check of this policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyDemand {
    /// The other policy.
    pub operation: &'static Operation,
    /// Its position among the policy's checks.
    pub(crate) number: usize,
}
