//! The invariants about the records that servers append and remove.

use std::time::Duration;

use super::super::fact::{BEGINNING, Content, Fact, is_in_force};
use super::super::history::Moment;
use super::{BOUND, Invariant, Judge, Phase, RECOVERY, Violation};

/// The largest number of ended records at the start of the log.
const ENDED_PREFIX: usize = 129;
/// The largest number of records with the same revocation.
const MOST_COPIES: usize = 300;
/// The time after their end, by any clock of the simulation, after which records are removed.
const KEPT_AFTER_END: Duration = Duration::from_secs(600 + 30 + 300 + 120);

impl Judge {
    /// Judges that a server appends a record.
    pub(super) fn judge_append(
        &self,
        link: Option<usize>,
        copy: usize,
        content: Content,
    ) -> Result<(), Violation> {
        let (Some(server), Content::Fact(fact)) = (link, content) else { return Ok(()) };
        if self.phase == Phase::Quiet && !self.is_late_repair(server, copy, &fact) {
            let message = format!("server {server} appended {fact:?} although nothing happened");
            return self.violation(Invariant::LogIsBounded, &message);
        }
        let (view, copy) = (&self.servers[server], &self.copies[copy]);
        if copy.count(&fact) > MOST_COPIES {
            let message = format!("server {server} appends {fact:?} again and again");
            return self.violation(Invariant::LogIsBounded, &message);
        }
        let is_old = |moment: Moment| self.now > moment + BOUND * 2;
        let undisturbed_since = view.undisturbed_since(copy.disturbed_at);
        let is_undisturbed =
            undisturbed_since.is_some_and(|since| self.now > since + RECOVERY + BOUND);
        let is_visible = copy.visible_since(&fact).is_some_and(is_old);
        let mut calls = view.calls.iter().filter(|(called, _)| called.target == fact.target);
        let is_called = calls.any(|(_, at)| !is_old(*at));
        if is_undisturbed && is_visible && !is_called && !view.settings.is_small {
            let message = format!("server {server} appended {fact:?}, which the log has");
            return self.violation(Invariant::LogIsBounded, &message);
        }
        Ok(())
    }

    /// Returns true if a server appends a record that another program has removed between others. No
    /// state of a log shows that. A server with a small list reads the log again after an overflow, and
    /// finds it then.
    fn is_late_repair(&self, server: usize, copy: usize, fact: &Fact) -> bool {
        let mut same = self.made.iter().filter(|made| made.fact.target == fact.target);
        self.servers[server].settings.is_small
            && same.any(|made| made.is_removed_singly)
            && self.copies[copy].visible_since(fact).is_none()
    }

    pub(super) fn judge_trim(
        &self,
        link: usize,
        removed: Option<(Content, Moment)>,
    ) -> Result<(), Violation> {
        let is_live = match removed {
            Some((Content::Fact(fact), _)) => is_in_force(&fact, self.now),
            Some((Content::Unreadable, _)) => true,
            Some((Content::Announcement, _)) | None => false,
        };
        if is_live {
            let message = format!("server {link} removed {removed:?}");
            return self.violation(Invariant::NothingLiveIsTrimmed, &message);
        }
        Ok(())
    }

    /// Judges that ended records were removed from the log.
    pub(super) fn judge_length(&self) -> Result<(), Violation> {
        let Some(copy) = self.servers.first().map(|server| &self.copies[server.copy]) else {
            return Ok(());
        };
        let end = (self.now.saturating_sub(KEPT_AFTER_END)).as_secs() + BEGINNING;
        let (ended, quiet) = (copy.ended_prefix(end), self.now.saturating_sub(self.quiet_since));
        if quiet > KEPT_AFTER_END / 8 && ended > ENDED_PREFIX {
            let message = format!("{ended} of {} records have ended", copy.len());
            return self.violation(Invariant::LogIsBounded, &message);
        }
        Ok(())
    }
}
