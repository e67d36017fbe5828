//! The log of one endpoint: the questions of the server, and the tokens that were active.

use std::collections::HashMap;
use std::time::Duration;

use super::super::log::Moment;
use super::schedule::Terms;
use super::token::Token;

/// A question that has reached the endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Question {
    pub(super) token: Token,
    pub(super) started_at: Moment,
    /// True if the last answer about the token was not that it is active.
    pub(super) is_unknown: bool,
    pub(super) end: Option<(Moment, Outcome)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The token is active, and its end has not passed.
    Active,
    Inactive,
    /// The token is active, and the server must refuse it.
    Unacceptable,
    /// There was no usable answer.
    Failed,
    /// The server dropped the exchange before its end.
    Dropped,
}

impl Outcome {
    /// Returns true if the server has learnt something about the token.
    pub(super) fn is_answer(self) -> bool {
        matches!(self, Self::Active | Self::Inactive | Self::Unacceptable)
    }
}

#[derive(Debug)]
pub(super) struct Log {
    terms: Terms,
    pub(super) questions: Vec<Question>,
    /// The indices of the questions about a token, oldest first.
    of_token: HashMap<Token, Vec<usize>>,
    /// The moments at which the issuer withdrew or restored a token, oldest first. Each genuine token
    /// is active at the beginning.
    changes: Vec<(Moment, Token, bool)>,
    /// The moments at which requests with tokens arrived that were not known to be active.
    pub(super) unknown_arrivals: Vec<Moment>,
}

impl Log {
    pub(super) fn new(terms: Terms) -> Self {
        let (questions, changes, unknown_arrivals) = Default::default();
        Self { terms, questions, of_token: HashMap::new(), changes, unknown_arrivals }
    }

    pub(super) fn period(&self) -> Duration {
        self.terms.period
    }

    /// Returns the end of a token, as answers state it.
    pub(super) fn end_of(&self, token: Token) -> Option<Moment> {
        match token {
            Token::Opaque(number) => self.terms.ends[usize::from(number)],
            _ => None,
        }
    }

    pub(super) fn change(&mut self, now: Moment, token: Token, is_active: bool) {
        self.changes.push((now, token, is_active));
    }

    /// Returns true if the token was active at this moment, after the last change of this moment.
    pub(super) fn is_active(&self, token: Token, at: Moment) -> bool {
        let mut changes = self.changes.iter().rev();
        let last = changes.find(|(since, changed, _)| *changed == token && *since <= at);
        token.is_genuine() && last.is_none_or(|(_, _, is_active)| *is_active)
    }

    /// Returns true if the token had this state at some moment of a time.
    pub(super) fn was(&self, is_active: bool, token: Token, from: Moment, to: Moment) -> bool {
        self.is_active(token, from) == is_active
            || self.changes.iter().any(|(at, changed, state)| {
                *changed == token && *state == is_active && (from..=to).contains(at)
            })
    }

    pub(super) fn begin(&mut self, now: Moment, token: Token) -> usize {
        let index = self.questions.len();
        let is_unknown = !self.is_known(token);
        self.questions.push(Question { token, started_at: now, is_unknown, end: None });
        self.of_token.entry(token).or_default().push(index);
        index
    }

    pub(super) fn end(&mut self, index: usize, now: Moment, outcome: Outcome) {
        self.questions[index].end = Some((now, outcome));
    }

    /// Returns the questions about a token, latest first.
    pub(super) fn about(&self, token: Token) -> impl Iterator<Item = &Question> {
        let indices = self.of_token.get(&token).into_iter().flatten();
        indices.rev().map(|index| &self.questions[*index])
    }

    /// Returns the last outcome that says something about the token.
    pub(super) fn last_answer(&self, token: Token) -> Option<(Moment, Outcome)> {
        self.about(token).filter_map(|question| question.end).find(|(_, end)| end.is_answer())
    }

    /// Returns true if the last answer was that the token is active.
    pub(super) fn is_known(&self, token: Token) -> bool {
        self.last_answer(token).is_some_and(|(_, outcome)| outcome == Outcome::Active)
    }

    /// Returns the questions that have not ended, of those with unknown tokens or of the others.
    pub(super) fn under_way(&self, is_unknown: bool) -> usize {
        let questions = self.questions.iter().rev().take(MOST_UNDER_WAY * 4);
        questions.filter(|one| one.end.is_none() && one.is_unknown == is_unknown).count()
    }
}

/// More questions than can be under way.
const MOST_UNDER_WAY: usize = 100;
