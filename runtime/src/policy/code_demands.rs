//! Demands for which the guard calls code of the application.

use super::operation::Operation;

/// A demand that is satisfied if a check passes, created from `check = ...` in an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckDemand {
    /// The name of the check in documents and logs.
    pub name: &'static str,
    /// The position of this demand among the checks of the policy.
    pub(crate) number: usize,
}

/// A demand that is satisfied if the request satisfies another policy, created from `policy = ...`
/// in an attribute. The other policy is numbered like a check of the policy that names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyDemand {
    /// The operation of the other policy.
    pub operation: &'static Operation,
    /// The position of this demand among the checks of the policy.
    pub(crate) number: usize,
}
