//! The invariants about the answers of servers to tokens.

use super::super::fact::Fact;
use super::super::history::{Answer, Moment, Sample};
use super::{BOUND, Invariant, Judge, RECOVERY, Violation};

/// Number of revocations from which the list of a server may remove entries that have ended.
const LONG_LIST: usize = 300;

impl Judge {
    /// Judges the answers and the health of a server.
    pub(super) fn judge_sample(&mut self, server: usize, sample: &Sample) -> Result<(), Violation> {
        self.judge_outage(server, sample)?;
        self.judge_health(server, sample)?;
        self.judge_notice(server, sample)?;
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
                && self.servers[server].is_in_force(&made.fact, self.now, self.held_since(server))
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
    /// hold it. Long and small lists remove entries that have ended. If the clock is set back then, the
    /// server reads the log again, which may have lost the revocation.
    pub(super) fn held_since(&self, server: usize) -> Moment {
        let removes_ended = self.servers[server].settings.is_small || self.made.len() >= LONG_LIST;
        if removes_ended { Moment::ZERO } else { self.now }
    }

    /// Returns true if a server that is up to date must know this revocation.
    fn is_heard_within_bound(&self, server: usize, fact: &Fact) -> bool {
        let view = &self.servers[server];
        let since = self.copies[view.copy].visible_since(fact);
        let bound = self.now.saturating_sub(BOUND);
        let is_old = since.is_some_and(|since| since.max(view.attached_at) < bound);
        is_old && view.is_in_force(fact, self.now, bound)
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
}
