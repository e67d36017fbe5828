//! The time after a loss of records, in which the log may lack what other instances know.

use std::time::Duration;

use super::super::timestamp::Timestamp;
use super::resync_cause::ResyncCause;

/// Time in which the other instances notice a loss too and append again what they know.
///
/// After an outage, one instance may reach the log 2 s before another: the limit of a connection and
/// the longest pause between two attempts. The other one then reads the log, waits for its random
/// pause, and appends.
const REPAIR: Duration = Duration::from_secs(3);

/// The last loss of records that a server has noticed.
#[derive(Debug, Default)]
pub(super) struct Loss(Option<(Timestamp, ResyncCause)>);

impl Loss {
    /// Records that the log has lost records, or may have lost some.
    pub(super) fn notice(&mut self, cause: ResyncCause, now: Timestamp) {
        self.0 = Some((now, cause));
    }

    /// Returns the cause of the loss while the log may lack records that other instances know. Later,
    /// it has them, as far as these instances reach it.
    pub(super) fn cause(&mut self, now: Timestamp) -> Option<ResyncCause> {
        // A clock that was set back must not make this longer.
        self.0 = self.0.filter(|(since, _)| since.distance(now) < REPAIR);
        self.0.map(|(_, cause)| cause)
    }
}

/// Returns a sentence for the health report.
pub(super) fn text(cause: ResyncCause) -> String {
    let seconds = REPAIR.as_secs();
    format!("{}: other instances have {seconds} s to append what it lacks", cause.text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loss_is_repaired_after_three_seconds_and_after_a_change_of_the_clock() {
        let at = |seconds| Timestamp::default().plus(Duration::from_secs(seconds));
        let mut loss = Loss::default();
        assert_eq!(loss.cause(at(100)), None);
        loss.notice(ResyncCause::Gap, at(100));
        assert_eq!(loss.cause(at(102)), Some(ResyncCause::Gap));
        loss.notice(ResyncCause::Lineage, at(102));
        assert_eq!(loss.cause(at(104)), Some(ResyncCause::Lineage));
        assert_eq!(loss.cause(at(105)), None);
        assert_eq!(loss.cause(at(104)), None, "a repair is final");
        loss.notice(ResyncCause::Gap, at(200));
        assert_eq!(loss.cause(at(100)), None, "the clock was set back");
    }
}
