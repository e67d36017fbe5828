//! The invariants that all servers must keep in every schedule. They are judged by the history of a
//! run alone, without a look into the servers.

mod answers;
mod calls;
mod contents;
mod health;
mod invariant;
mod log;
mod losses;
mod server;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use axum_protected::revocation::LogPosition;

pub(crate) use self::invariant::{BOUND, Invariant, PATIENCE, RECOVERY, Violation};

use self::calls::Call;
use self::contents::Contents;
use self::server::ServerView;
use super::fact::{Content, Fact};
use super::history::{Event, Moment};
use super::token;
use crate::log::{LogEvent, Removal};

/// A revocation that a server or another instance has made.
#[derive(Debug)]
struct Made {
    fact: Fact,
    /// The number of servers and other instances that made it.
    makers: usize,
    /// True if a program removed its record between others, which leaves no trace.
    is_removed_singly: bool,
    /// The tokens that it revokes.
    tokens: Vec<usize>,
}

impl Made {
    /// Returns false if `revoke` returned an error that says that nothing was revoked.
    fn is_made(&self) -> bool {
        self.makers > 0
    }
}

/// The phases of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Faults,
    Settling,
    Quiet,
}

/// Judges the events of a run in their order.
#[derive(Debug)]
pub(crate) struct Judge {
    now: Moment,
    phase: Phase,
    servers: Vec<ServerView>,
    copies: Vec<Contents>,
    made: Vec<Made>,
    /// The indexes of the revocations that concern tokens of the simulation.
    covering: Vec<usize>,
    calls: HashMap<usize, Call>,
    /// The record that another instance has appended, if it was the last event.
    unread: Option<LogPosition>,
    /// The revocations that must be known everywhere when the servers have settled.
    alive: Vec<usize>,
    quiet_since: Moment,
}

impl Judge {
    pub(crate) fn new(servers: usize) -> Self {
        Self {
            now: Moment::ZERO,
            phase: Phase::Faults,
            servers: std::iter::repeat_with(ServerView::default).take(servers).collect(),
            copies: vec![Contents::default()],
            made: Vec::new(),
            covering: Vec::new(),
            calls: HashMap::new(),
            unread: None,
            alive: Vec::new(),
            quiet_since: Moment::ZERO,
        }
    }

    /// Judges the next event.
    pub(crate) fn apply(&mut self, now: Moment, event: &Event) -> Result<(), Violation> {
        self.now = now;
        if !matches!(event, Event::Log(LogEvent::Removed { .. })) {
            self.unread = None;
        }
        match event {
            Event::Log(event) => self.apply_log(event)?,
            Event::Started { server, settings } => {
                self.servers[*server].start(now, *settings);
                self.see_unreadable(*server);
            }
            Event::Stopped { server } => self.servers[*server].stop(),
            Event::Paused { server, is_paused } => {
                let view = &mut self.servers[*server];
                (view.is_paused, view.resumed_at) = (*is_paused, now);
            }
            Event::Clock { server, ahead } => self.servers[*server].set_clock(now, *ahead),
            Event::Link { server, is_in_order } => {
                self.servers[*server].in_order_since = is_in_order.then_some(now);
            }
            Event::Called { server, call, fact } => self.call(*server, *call, *fact),
            Event::Resolved { call, outcome } => self.resolve(*call, *outcome)?,
            Event::Abandoned { call } => drop(self.calls.remove(call)),
            Event::Sampled { server, sample } => self.judge_sample(*server, sample)?,
            Event::CallsOutliveServer { server } => {
                let message = format!("server {server} has calls after it was dropped");
                return self.violation(Invariant::NothingOutlivesTheServer, &message);
            }
            Event::FaultsEnded => self.end_faults(),
            Event::Settled => {
                self.judge_losses()?;
                (self.phase, self.quiet_since) = (Phase::Quiet, now);
            }
            Event::Ended => self.judge_length()?,
        }
        Ok(())
    }

    fn apply_log(&mut self, event: &LogEvent) -> Result<(), Violation> {
        match event {
            LogEvent::Created { copy, records } => {
                assert_eq!(*copy, self.copies.len());
                let mut contents = Contents::default();
                for (position, text) in records {
                    contents.insert(*position, Content::of(text), self.now);
                }
                self.copies.push(contents);
            }
            LogEvent::Appended { link, copy, position, text } => {
                let content = Content::of(text);
                self.judge_append(*link, *copy, content)?;
                self.append(*link, *copy, *position, content);
            }
            LogEvent::Removed { copy, position, removal } => {
                let removed = self.copies[*copy].remove(*position);
                match removal {
                    Removal::Trim(link) => self.judge_trim(*link, removed)?,
                    Removal::Foreign | Removal::Single => {
                        self.lose(*copy, *position, removed, *removal);
                    }
                }
            }
            LogEvent::Deleted { copy } => self.copies[*copy].clear(self.now),
            LogEvent::Attached { link, copy } => {
                self.servers[*link].attach(self.now, *copy);
                self.see_unreadable(*link);
                self.look_up_calls();
            }
        }
        Ok(())
    }

    fn append(&mut self, link: Option<usize>, copy: usize, at: LogPosition, content: Content) {
        if let (None, Content::Fact(fact)) = (link, content) {
            self.make(fact);
        }
        self.copies[copy].insert(at, content, self.now);
        self.unread = Some(at).filter(|_| link.is_none());
        self.look_up_calls();
        (0..self.servers.len()).for_each(|server| self.see_unreadable(server));
    }

    /// Records that a server may see a record that it cannot read.
    fn see_unreadable(&mut self, server: usize) {
        let view = &mut self.servers[server];
        view.saw_unreadable |= self.copies[view.copy].unreadable_since().is_some();
    }

    /// Records a revocation, and returns its index.
    fn make(&mut self, fact: Fact) -> usize {
        if let Some(index) = self.made.iter().position(|made| made.fact == fact) {
            self.made[index].makers += 1;
            return index;
        }
        let tokens = token::ALL.iter().enumerate().filter(|(_, token)| fact.covers(token));
        let tokens: Vec<_> = tokens.map(|(index, _)| index).collect();
        if !tokens.is_empty() {
            self.covering.push(self.made.len());
        }
        self.made.push(Made { fact, makers: 1, is_removed_singly: false, tokens });
        self.made.len() - 1
    }

    fn violation<T>(&self, invariant: Invariant, message: &str) -> Result<T, Violation> {
        Err(Violation(invariant, format!("at {:?}: {message}", self.now)))
    }
}

/// Judges a whole history.
pub(crate) fn judge(servers: usize, history: &[(Moment, Event)]) -> Result<(), Violation> {
    let mut judge = Judge::new(servers);
    history.iter().try_for_each(|(now, event)| judge.apply(*now, event))
}
