//! The invariants about records that the log has lost.

use axum_protected::revocation::LogPosition;

use super::super::fact::{Content, is_in_force};
use super::super::history::{Answer, Moment, Sample};
use super::invariant::REPAIR;
use super::{BOUND, Invariant, Judge, Made, Phase, RECOVERY, Violation};
use crate::log::Removal;

impl Judge {
    /// Records that another program removed a record.
    pub(super) fn lose(
        &mut self,
        copy: usize,
        position: LogPosition,
        removed: Option<(Content, Moment)>,
        removal: Removal,
    ) {
        let contents = &mut self.copies[copy];
        contents.disturb(self.now);
        let Some((content, since)) = removed else { return };
        if self.unread == Some(position) && since == self.now {
            contents.lose_unread(self.now);
        }
        match (removal, content) {
            (Removal::Foreign, Content::Fact(fact)) if is_in_force(&fact, self.now) => {
                contents.lose_read(since, self.now);
            }
            (Removal::Single, Content::Fact(removed)) => {
                let same = self.made.iter_mut().filter(|made| removed.subsumes(&made.fact));
                same.for_each(|made| made.is_removed_singly = true);
            }
            _ => {}
        }
    }

    /// Judges that a server has noticed the last loss.
    pub(super) fn judge_notice(&self, server: usize, sample: &Sample) -> Result<(), Violation> {
        let view = &self.servers[server];
        let Some(loss) = self.copies[view.copy].lost_at() else { return Ok(()) };
        let is_due = loss + BOUND < self.now && self.now < loss + REPAIR;
        let had_read = view.synchronized_at.is_some_and(|since| since + RECOVERY < loss);
        let has_followed = had_read
            && view.attached_at + RECOVERY < loss
            && view.follows(view.copy, loss, RECOVERY);
        // A server with a small list reads the log again and again, and cannot notice each loss.
        if is_due && has_followed && sample.up_to_date && !view.settings.is_small {
            let message = format!("server {server} has not noticed the loss at {loss:?}");
            return self.violation(Invariant::LossesAreNoticed, &message);
        }
        Ok(())
    }

    /// Returns true if the log has lost this revocation and another server, which follows the log as
    /// this one does, knew it. A server is up to date only after the other one has appended it again.
    pub(super) fn is_known_to_others(&self, server: usize, index: usize) -> bool {
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
    pub(super) fn judge_repair(&self, server: usize) -> Result<(), Violation> {
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
                && view.is_in_force(&made.fact, self.now, since.min(self.held_since(server)))
                && copy.visible_since(&made.fact).is_none();
            if is_lacking {
                let message = format!("the log lacks {:?}, which server {server} knows", made.fact);
                return self.violation(Invariant::LossesAreRepaired, &message);
            }
        }
        Ok(())
    }

    pub(super) fn end_faults(&mut self) {
        self.phase = Phase::Settling;
        let known = |index: usize| {
            self.servers.iter().enumerate().any(|(number, server)| {
                let held_since = self.held_since(number);
                server.knows(index)
                    && server.is_in_force(&self.made[index].fact, self.now, held_since)
            })
        };
        let in_log = |made: &Made| {
            self.servers
                .iter()
                .any(|server| self.copies[server.copy].visible_since(&made.fact).is_some())
        };
        let alive = self.made.iter().enumerate().filter(|(index, made)| {
            made.is_made() && (in_log(made) || (known(*index) && !made.is_removed_singly))
        });
        self.alive = alive.map(|(index, _)| index).collect();
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
}
