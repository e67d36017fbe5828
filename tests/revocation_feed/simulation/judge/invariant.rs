//! The invariants, and the times that they allow.

use std::fmt;
use std::time::Duration;

/// The time after which a server must have heard of a revocation.
pub(crate) const BOUND: Duration = Duration::from_secs(1);
/// The time after which a server follows the log again when a fault has ended. A call takes 2.25 s,
/// the pause after it 1 s, and a server that has noticed a loss is not up to date for 3 s.
pub(crate) const RECOVERY: Duration = Duration::from_secs(8);
/// The longest time that `revoke` takes.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
/// The time after a loss in which a server is not up to date, because others may append again what
/// the log has lost.
pub(super) const REPAIR: Duration = Duration::from_secs(3);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Invariant {
    KnownRevocationsHold,
    UpToDateMeansUpToDate,
    RevocationsArrive,
    NothingElseIsRefused,
    OutageIsAsConfigured,
    ServersRecover,
    AcknowledgedIsInTheLog,
    RevokeIsBounded,
    LossesAreNoticed,
    LossesAreRepaired,
    NothingIsLost,
    NothingLiveIsTrimmed,
    LogIsBounded,
    NothingOutlivesTheServer,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Violation(pub(crate) Invariant, pub(crate) String);

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?}: {}", self.0, self.1)
    }
}
