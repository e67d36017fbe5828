//! The time after a loss of records, in which the log may lack what other instances know.

use std::time::Duration;

use super::super::timestamp::Timestamp;

/// Time in which the other instances notice a loss too and append again what they know.
///
/// After an outage, one instance may reach the log 2 s before another: the limit of a connection and
/// the longest pause between two attempts. The other one then reads the log, waits for its random
/// pause, and appends.
const REPAIR: Duration = Duration::from_secs(3);

/// The last loss of records that a server has noticed.
#[derive(Debug, Default)]
pub(super) struct Loss(Option<Timestamp>);

impl Loss {
    /// Records that the log has lost records, or may have lost some.
    pub(super) fn notice(&mut self, now: Timestamp) {
        self.0 = Some(now);
    }

    /// Returns true if the log has again all records that other instances know, as far as they reach
    /// the log.
    pub(super) fn is_repaired(&mut self, now: Timestamp) -> bool {
        // A clock that was set back must not make this longer.
        self.0 = self.0.filter(|since| since.distance(now) < REPAIR);
        self.0.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_repaired_after_three_seconds_and_after_a_change_of_the_clock() {
        let at = |seconds| Timestamp::default().plus(Duration::from_secs(seconds));
        let mut loss = Loss::default();
        assert!(loss.is_repaired(at(100)));
        loss.notice(at(100));
        assert!(!loss.is_repaired(at(102)));
        loss.notice(at(102));
        assert!(!loss.is_repaired(at(104)));
        assert!(loss.is_repaired(at(105)));
        assert!(loss.is_repaired(at(104)), "a repair is final");
        loss.notice(at(200));
        assert!(loss.is_repaired(at(100)), "the clock was set back");
    }
}
