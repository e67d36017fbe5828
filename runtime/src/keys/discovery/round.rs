//! Decides, during one round of discovery, which location of the metadata is asked next and which
//! answer counts. This module opens no socket and reads no clock.

use std::time::Duration;

use tokio::time::Instant;

/// Time without an answer after which the next location is asked too. The earlier location may
/// still answer within the time limit of its own request.
///
/// A request to a location ends after 5 s. With three locations a round therefore ends after 9 s at
/// most.
const SILENCE: Duration = Duration::from_secs(2);

/// State of a round. `T` is the answer of a location.
#[derive(Debug)]
pub(super) struct Round<T> {
    /// Number of locations.
    locations: usize,
    /// Locations that were asked, in their order.
    asked: Vec<Location<T>>,
    /// True if a location was unreachable. Then no further location is asked, because all of them
    /// have the same host.
    is_unreachable: bool,
}

#[derive(Debug)]
enum Location<T> {
    Silent { since: Instant },
    Failed(Failure),
    Answered(T),
}

/// Next step of a round.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Ask the location with this index.
    Ask(usize),
    /// Wait for an answer, but not longer than until this time.
    WaitUntil(Instant),
    /// Wait for an answer.
    Wait,
    /// The round has ended.
    End,
}

/// Failure of a request to a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Failure {
    /// No connection to the host was made.
    Unreachable,
    /// The location has no metadata of the issuer.
    Definitive,
    /// The location did not return valid metadata, but may return it later.
    Temporary,
}

/// Result of a round in which a location answered.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Answered<T> {
    pub(super) answer: T,
    /// Indexes of the locations that later rounds may ask: the location that answered, and each
    /// earlier one whose failure was not definitive.
    pub(super) left: Vec<usize>,
}

impl<T> Round<T> {
    pub(super) fn new(locations: usize) -> Self {
        Self { locations, asked: Vec::new(), is_unreachable: false }
    }

    /// Returns the next step. If the step is [`Step::Ask`], the caller must record the end of the
    /// request with [`record`](Self::record).
    pub(super) fn next(&mut self, now: Instant) -> Step {
        let index = self.asked.len();
        let has_more = index < self.locations && !self.is_unreachable;
        match self.asked.last() {
            _ if self.is_decided() => Step::End,
            Some(Location::Silent { since }) if has_more && now < *since + SILENCE => {
                Step::WaitUntil(*since + SILENCE)
            }
            // An earlier location is silent, and its answer takes precedence over later ones.
            Some(Location::Answered(_)) => Step::Wait,
            _ if has_more => {
                self.asked.push(Location::Silent { since: now });
                Step::Ask(index)
            }
            _ => Step::Wait,
        }
    }

    /// Records the end of the request to the location with this index.
    pub(super) fn record(&mut self, index: usize, outcome: Result<T, Failure>) {
        self.is_unreachable |= matches!(outcome, Err(Failure::Unreachable));
        if let Some(location) = self.asked.get_mut(index) {
            *location = outcome.map_or_else(Location::Failed, Location::Answered);
        }
    }

    /// Returns true if no further answer can change the result: all locations before the first
    /// answer have failed, or no request is under way and no location is left.
    fn is_decided(&self) -> bool {
        match self.asked.iter().find(|location| !matches!(location, Location::Failed(_))) {
            Some(Location::Answered(_)) => true,
            Some(_) => false,
            None => self.asked.len() >= self.locations || self.is_unreachable,
        }
    }

    /// Returns the answer of the earliest location that answered, with the locations that this round
    /// leaves.
    pub(super) fn into_answer(self) -> Option<Answered<T>> {
        let mut left = Vec::new();
        for (index, location) in self.asked.into_iter().enumerate() {
            match location {
                Location::Failed(Failure::Definitive) => {}
                Location::Failed(_) | Location::Silent { .. } => left.push(index),
                Location::Answered(answer) => {
                    left.push(index);
                    return Some(Answered { answer, left });
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;
