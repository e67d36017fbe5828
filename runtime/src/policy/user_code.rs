//! Demands for which the guard runs code of the application.

use super::operation::Operation;

/// The demand that a check passes, from `check = ...` in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckDemand {
    /// The name of the check in documents and logs.
    pub name: &'static str,
    /// The position of this demand among the checks of the policy.
    pub(crate) number: usize,
}

/// The demand that another policy is satisfied, from `policy = ...` in an attribute. The other
/// policy has a number among the checks of this policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyDemand {
    /// The operation of the other policy.
    pub operation: &'static Operation,
    /// The position of this demand among the checks of the policy.
    pub(crate) number: usize,
}
