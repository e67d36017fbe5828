//! Remarks on the members of a JWK set: members that are skipped, and keys that are used although
//! they do not conform to the standards.

use std::fmt;

use crate::keys::jwk::Finding;
use crate::keys::kid_for_logs;
use crate::telemetry;

/// Remark on a member of a JWK set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Remark {
    /// The `kid` of the member, escaped and cut for the log.
    kid: String,
    finding: Finding,
}

impl Remark {
    pub(super) fn new(kid: Option<&str>, finding: Finding) -> Self {
        let kid = kid_for_logs::escape(kid.unwrap_or_default());
        Self { kid, finding }
    }

    /// Returns true if a key that was meant for signatures is skipped.
    pub(crate) fn is_defect(&self) -> bool {
        matches!(self.finding, Finding::Unusable(_))
    }

    /// Logs the remark if it is a reason to warn.
    pub(crate) fn warn(&self, issuer: &str) {
        match self.finding {
            Finding::OtherPurpose(_) => {}
            Finding::Unusable(reason) => telemetry::key_left_aside(issuer, &self.kid, reason),
            Finding::Irregular(reason) => telemetry::key_irregular(issuer, &self.kid, reason),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Finding::OtherPurpose(reason)
        | Finding::Unusable(reason)
        | Finding::Irregular(reason)) = self.finding;
        write!(formatter, "the key \"{}\": {reason}", self.kid)
    }
}
