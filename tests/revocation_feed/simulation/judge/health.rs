//! The invariants about the health of servers, and the effect of an outage.

use super::super::history::{Answer, Moment, Sample};
use super::{BOUND, Invariant, Judge, RECOVERY, Violation};

impl Judge {
    pub(super) fn judge_outage(&self, server: usize, sample: &Sample) -> Result<(), Violation> {
        let settings = self.servers[server].settings;
        let refuses = if settings.refuses {
            !sample.up_to_date
        } else {
            settings.is_required && !sample.synchronized
        };
        let is_wrong = |answer: &Answer| match answer {
            Answer::Accepted => refuses,
            Answer::Unavailable => !refuses,
            Answer::Revoked | Answer::Other => false,
        };
        if sample.answers.iter().any(is_wrong) {
            let message = format!("server {server} with {settings:?}: {sample:?}");
            return self.violation(Invariant::OutageIsAsConfigured, &message);
        }
        Ok(())
    }

    pub(super) fn judge_health(&self, server: usize, sample: &Sample) -> Result<(), Violation> {
        let view = &self.servers[server];
        let copy = &self.copies[view.copy];
        let is_seen = |since: Moment| self.now > since.max(view.attached_at) + BOUND;
        if sample.up_to_date && copy.unreadable_since().is_some_and(is_seen) {
            let message = format!("server {server} has not seen a record that is unreadable");
            return self.violation(Invariant::UpToDateMeansUpToDate, &message);
        }
        let may_lag = view.settings.is_small || view.saw_unreadable;
        let undisturbed_since = view.undisturbed_since(copy.disturbed_at);
        let recovered = undisturbed_since.is_some_and(|since| self.now > since + RECOVERY + BOUND);
        if recovered && !may_lag && !(sample.up_to_date && sample.synchronized) {
            let message =
                format!("server {server}, undisturbed since {undisturbed_since:?}: {sample:?}");
            return self.violation(Invariant::ServersRecover, &message);
        }
        Ok(())
    }
}
