//! Demands that run the application's own code.

use super::operation::Operation;

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
