//! The invariants about the answers of servers, about `revoke` and about the length of the log.

use super::super::fact::{BEGINNING, Content, Fact};
use super::super::history::{Answer, Moment, Outcome, Sample};
use super::{
    BOUND, ENDED_PREFIX, Invariant, Judge, KEPT_AFTER_END, PATIENCE, Phase, RECOVERY, Violation,
};

/// Number of revocations from which the list of a server may remove entries that have ended.
const LONG_LIST: usize = 300;

impl Judge {
    /// Judges the answers and the health of a server.
    pub(super) fn judge_sample(&mut self, server: usize, sample: &Sample) -> Result<(), Violation> {
        self.judge_outage(server, sample)?;
        self.judge_health(server, sample)?;
        for (token, answer) in sample.answers.iter().enumerate() {
            match answer {
                Answer::Accepted => self.judge_acceptance(server, sample, token)?,
                Answer::Revoked => self.judge_refusal(server, token)?,
                Answer::Unavailable => {}
                Answer::Other => {
                    let message = format!("server {server}: another answer to token {token}");
                    return self.violation(Invariant::NothingElseIsRefused, &message);
                }
            }
        }
        self.judge_waiting_calls()?;
        self.judge_repair(server)?;
        self.learn_from_health(server, sample);
        let view = &mut self.servers[server];
        view.last_sample = Some(*sample);
        if sample.synchronized {
            view.synchronized_at.get_or_insert(self.now);
        }
        Ok(())
    }

    fn judge_outage(&self, server: usize, sample: &Sample) -> Result<(), Violation> {
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

    fn judge_health(&self, server: usize, sample: &Sample) -> Result<(), Violation> {
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

    /// Judges that a server accepted a token.
    fn judge_acceptance(
        &self,
        server: usize,
        sample: &Sample,
        token: usize,
    ) -> Result<(), Violation> {
        for index in &self.covering {
            let made = &self.made[*index];
            if !made.is_made() || !made.tokens.contains(&token) {
                continue;
            }
            let invariant = if self.servers[server].knows(*index)
                && self.servers[server].is_in_force(&made.fact, self.now, self.known_since(server))
            {
                Invariant::KnownRevocationsHold
            } else if sample.up_to_date && self.is_heard_within_bound(server, &made.fact) {
                Invariant::UpToDateMeansUpToDate
            } else if sample.up_to_date && self.is_known_to_others(server, *index) {
                Invariant::LossesAreRepaired
            } else if self.must_have_arrived(server, sample, &made.fact) {
                Invariant::RevocationsArrive
            } else {
                continue;
            };
            let (fact, view) = (&made.fact, &self.servers[server]);
            let since = self.copies[view.copy].visible_since(fact);
            let message = format!(
                "server {server} accepts token {token} despite {fact:?}, in the log since {since:?}, \
                 connected to copy {} since {:?}",
                view.copy, view.attached_at,
            );
            return self.violation(invariant, &message);
        }
        Ok(())
    }

    /// Returns the moment since which a known revocation must have been in force for the server to
    /// hold it. A long list removes entries that have ended. If the clock is set back then, the server
    /// reads the log again, as soon as nothing disturbs it.
    fn known_since(&self, server: usize) -> Moment {
        if self.made.len() < LONG_LIST {
            return self.now;
        }
        let view = &self.servers[server];
        let undisturbed_since = view.undisturbed_since(self.copies[view.copy].disturbed_at);
        let recovered = undisturbed_since.is_some_and(|since| self.now > since + RECOVERY + BOUND);
        if recovered { self.now.saturating_sub(RECOVERY) } else { Moment::ZERO }
    }

    /// Returns true if a server that is up to date must know this revocation.
    fn is_heard_within_bound(&self, server: usize, fact: &Fact) -> bool {
        let view = &self.servers[server];
        let since = self.copies[view.copy].visible_since(fact);
        let bound = self.now.saturating_sub(BOUND);
        let is_old = since.is_some_and(|since| since.max(view.attached_at) < bound);
        is_old && view.is_in_force(fact, self.now, bound)
    }

    /// Returns true if the log has lost this revocation and another server, which follows the log as
    /// this one does, knew it. A server is up to date only after the other one has appended it again.
    fn is_known_to_others(&self, server: usize, index: usize) -> bool {
        let (view, made) = (&self.servers[server], &self.made[index]);
        let loss = view.copy_changed_at.max(self.copies[view.copy].disturbed_at);
        if self.now <= loss + BOUND {
            return false;
        }
        // A server that has not read the log before cannot know of the loss.
        let had_read = view.synchronized_at.is_some_and(|since| since < loss);
        let is_old = |since: Moment| since < loss && self.now > since + BOUND;
        let mut others =
            self.servers.iter().filter(|other| other.follows(view.copy, loss, RECOVERY));
        had_read
            && !made.is_removed_singly
            && view.is_in_force(&made.fact, self.now, loss)
            && others.any(|other| {
                other.known_since(index).is_some_and(is_old)
                    && other.is_in_force(&made.fact, self.now, loss)
            })
    }

    /// Judges that the log has what an undisturbed server knows.
    fn judge_repair(&self, server: usize) -> Result<(), Violation> {
        let view = &self.servers[server];
        let copy = &self.copies[view.copy];
        let is_old = |since: Moment| self.now > since + RECOVERY + BOUND;
        let Some(since) = view.undisturbed_since(copy.disturbed_at).filter(|since| is_old(*since))
        else {
            return Ok(());
        };
        for (index, made) in self.made.iter().enumerate() {
            let is_lacking = view.known_since(index).is_some_and(is_old)
                && !made.is_removed_singly
                && view.is_in_force(&made.fact, self.now, since)
                && copy.visible_since(&made.fact).is_none();
            if is_lacking {
                let message = format!("the log lacks {:?}, which server {server} knows", made.fact);
                return self.violation(Invariant::LossesAreRepaired, &message);
            }
        }
        Ok(())
    }

    /// Returns true if this revocation must have arrived because nothing disturbs the server.
    fn must_have_arrived(&self, server: usize, sample: &Sample, fact: &Fact) -> bool {
        let view = &self.servers[server];
        let copy = &self.copies[view.copy];
        let Some(undisturbed_since) = view.undisturbed_since(copy.disturbed_at) else {
            return false;
        };
        let Some(visible_since) = copy.visible_since(fact) else { return false };
        let due = visible_since.max(undisturbed_since + RECOVERY) + BOUND;
        let may_lack = sample.overflow || view.settings.is_small;
        self.now > due && !may_lack && view.is_in_force(fact, self.now, undisturbed_since)
    }

    fn judge_refusal(&self, server: usize, token: usize) -> Result<(), Violation> {
        let mut made = self.covering.iter().map(|index| &self.made[*index]);
        if made.any(|made| made.is_made() && made.tokens.contains(&token)) {
            return Ok(());
        }
        let message = format!("server {server} refuses token {token}, which nobody revoked");
        self.violation(Invariant::NothingElseIsRefused, &message)
    }

    /// Records what a server certainly knows because it is up to date.
    fn learn_from_health(&mut self, server: usize, sample: &Sample) {
        if !sample.up_to_date {
            return;
        }
        let view = &self.servers[server];
        let copy = &self.copies[view.copy];
        let bound = self.now.saturating_sub(BOUND);
        let unknown = self.made.iter().enumerate().filter(|(index, _)| !view.knows(*index));
        let heard = unknown.filter(|(_, made)| {
            let since = copy.visible_since(&made.fact).map(|since| since.max(view.attached_at));
            since
                .is_some_and(|since| since < bound && view.is_in_force(&made.fact, self.now, since))
        });
        let heard: Vec<_> = heard.map(|(index, _)| index).collect();
        for index in heard {
            self.servers[server].learn(index, self.now);
        }
    }

    pub(super) fn resolve(&mut self, number: usize, outcome: Outcome) -> Result<(), Violation> {
        let call = self.calls.remove(&number).unwrap();
        let (server, fact) = (call.server, self.made[call.fact].fact);
        match outcome {
            Outcome::Shared if !call.was_in_log => {
                let message = format!("`revoke` of server {server} succeeded with {fact:?}");
                return self.violation(Invariant::AcknowledgedIsInTheLog, &message);
            }
            Outcome::LocalOnly => {
                let view = &self.servers[server];
                let disturbed_at = self.copies[view.copy].disturbed_at;
                let since = view.undisturbed_since(disturbed_at);
                if since.is_some_and(|since| call.called_at > since + RECOVERY) {
                    let message = format!("`revoke` of server {server} failed with {fact:?}");
                    return self.violation(Invariant::ServersRecover, &message);
                }
            }
            Outcome::Shared => {}
            Outcome::Refused => {
                self.made[call.fact].makers -= 1;
                if !call.was_known {
                    self.servers[server].forget(call.fact);
                }
            }
        }
        self.judge_wait(&call)
    }

    fn judge_waiting_calls(&self) -> Result<(), Violation> {
        self.calls.values().try_for_each(|call| self.judge_wait(call))
    }

    fn judge_wait(&self, call: &super::Call) -> Result<(), Violation> {
        let from = call.called_at.max(self.servers[call.server].resumed_at);
        if self.now <= from + PATIENCE {
            return Ok(());
        }
        let message = format!("`revoke` of server {} waits since {from:?}", call.server);
        self.violation(Invariant::RevokeIsBounded, &message)
    }

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

    /// Judges that nothing is lost after all faults.
    pub(super) fn judge_losses(&self) -> Result<(), Violation> {
        let lasting = self.alive.iter().map(|index| &self.made[*index]).filter(|made| {
            let mut up = self.servers.iter();
            up.all(|server| {
                server.is_in_force(&made.fact, self.now, self.now.saturating_sub(RECOVERY * 2))
            })
        });
        for made in lasting {
            for (index, server) in self.servers.iter().enumerate() {
                if self.copies[server.copy].visible_since(&made.fact).is_none() {
                    let message = format!("the log of server {index} lacks {:?}", made.fact);
                    return self.violation(Invariant::NothingIsLost, &message);
                }
                let Some(sample) = server.last_sample.filter(|sample| !sample.overflow) else {
                    continue;
                };
                let is_accepted = |token: &usize| sample.answers[*token] == Answer::Accepted;
                if made.tokens.iter().any(is_accepted) {
                    let message = format!("server {index} does not know {:?}", made.fact);
                    return self.violation(Invariant::NothingIsLost, &message);
                }
            }
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
