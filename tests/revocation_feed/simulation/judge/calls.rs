//! The invariants about `revoke`.

use super::super::fact::Fact;
use super::super::history::{Moment, Outcome};
use super::{Invariant, Judge, PATIENCE, RECOVERY, Violation};

#[derive(Debug)]
pub(super) struct Call {
    server: usize,
    fact: usize,
    called_at: Moment,
    /// True if the server had the revocation before the call.
    was_known: bool,
    /// True if the log had the revocation at some moment since the call.
    was_in_log: bool,
}

impl Judge {
    pub(super) fn call(&mut self, server: usize, call: usize, fact: Fact) {
        let index = self.make(fact);
        let was_known = self.servers[server].knows(index);
        // The revocation takes effect before the future is awaited.
        self.servers[server].learn(index, self.now);
        self.servers[server].calls.push((fact, self.now));
        let made = Call { server, fact: index, called_at: self.now, was_known, was_in_log: false };
        self.calls.insert(call, made);
        self.look_up_calls();
    }

    /// Looks for the revocations of waiting calls in the log.
    pub(super) fn look_up_calls(&mut self) {
        for call in self.calls.values_mut().filter(|call| !call.was_in_log) {
            let copy = &self.copies[self.servers[call.server].copy];
            call.was_in_log = copy.visible_since(&self.made[call.fact].fact).is_some();
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

    pub(super) fn judge_waiting_calls(&self) -> Result<(), Violation> {
        self.calls.values().try_for_each(|call| self.judge_wait(call))
    }

    fn judge_wait(&self, call: &Call) -> Result<(), Violation> {
        let from = call.called_at.max(self.servers[call.server].resumed_at);
        if self.now <= from + PATIENCE {
            return Ok(());
        }
        let message = format!("`revoke` of server {} waits since {from:?}", call.server);
        self.violation(Invariant::RevokeIsBounded, &message)
    }
}
