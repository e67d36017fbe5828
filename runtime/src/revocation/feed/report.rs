//! The state of a feed, for readiness and health reports.

use super::super::log::LogPosition;
use super::loss;
use super::outbox::Appended;
use super::resync_cause::ResyncCause;
use super::settings::FeedOutage;

/// State of a feed at one moment.
#[derive(Debug, Clone, Default)]
pub(super) struct Report {
    /// True after the server has read the whole log once.
    pub(super) is_synchronized: bool,
    /// True if an entry did not fit into the list.
    pub(super) has_overflow: bool,
    /// Number of records that cannot be read.
    pub(super) unreadable: usize,
    /// Position of the first of them.
    pub(super) first_unreadable: Option<LogPosition>,
    /// Cause of a loss of records that other instances may not have repaired yet.
    pub(super) loss: Option<ResyncCause>,
    read_error: Option<String>,
    append_error: Option<String>,
}

/// Readiness of a server, as far as it depends on the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Readiness {
    Ready,
    NotReady(NotReady),
}

/// Reason why a server is not ready.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotReady {
    NotRead,
    Overflow,
    Outdated,
}

impl NotReady {
    const fn text(self) -> &'static str {
        match self {
            Self::NotRead => "the log of revocations was not read to its end yet",
            Self::Overflow => {
                "the list of revocations has no room for an entry of the log: raise `revocation_bytes`"
            }
            Self::Outdated => "the revocations are not up to date",
        }
    }
}

impl Report {
    /// Records the result of reading a page. Returns true for a new error.
    pub(super) fn record_read(&mut self, result: Result<(), String>) -> bool {
        replace(&mut self.read_error, result.err())
    }

    /// Records the result of appending. Returns true for a new error.
    pub(super) fn record_append(&mut self, result: &Appended) -> bool {
        replace(&mut self.append_error, result.clone().err())
    }

    /// Returns true if the last page could not be read.
    pub(super) fn is_failing(&self) -> bool {
        self.read_error.is_some()
    }

    /// Returns the error of the last page, or else the cause for which the list lacks records of the
    /// log, or else the error of the last appending.
    pub(super) fn last_error(&self) -> Option<String> {
        let read_error = self.read_error.clone();
        read_error
            .or_else(|| self.loss.map(loss::text))
            .or_else(|| self.has_overflow.then(|| NotReady::Overflow.text().to_owned()))
            .or_else(|| self.first_unreadable.map(|first| self.unreadable_text(first)))
            .or_else(|| self.append_error.clone())
    }

    /// Returns a sentence about a server that is not ready, with the cause if it is known.
    pub(super) fn text_of(&self, reason: NotReady) -> String {
        let text = reason.text();
        match self.last_error() {
            Some(cause) if reason != NotReady::Overflow => format!("{text}: {cause}"),
            _ => text.to_owned(),
        }
    }

    fn unreadable_text(&self, first: LogPosition) -> String {
        format!(
            "the log has unreadable records ({}, the first at {first}): update this instance, or \
             remove them from the log",
            self.unreadable
        )
    }

    /// Returns the readiness of the server. `is_up_to_date` is true if it had all revocations within
    /// the last second.
    pub(super) fn readiness(
        &self,
        outage: FeedOutage,
        required: bool,
        is_up_to_date: bool,
    ) -> Readiness {
        let may_lack_revocations = outage == FeedOutage::GoOn;
        if self.has_overflow {
            Readiness::NotReady(NotReady::Overflow)
        } else if !self.is_synchronized {
            // Without the log, such a server accepts tokens, so it should get requests.
            if may_lack_revocations && !required && self.is_failing() {
                return Readiness::Ready;
            }
            Readiness::NotReady(NotReady::NotRead)
        } else if may_lack_revocations || is_up_to_date {
            Readiness::Ready
        } else {
            Readiness::NotReady(NotReady::Outdated)
        }
    }
}

/// Replaces an error. Returns true if the new one is another error.
fn replace(place: &mut Option<String>, new: Option<String>) -> bool {
    let is_new = new.is_some() && *place != new;
    *place = new;
    is_new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_depends_on_the_choice_of_the_operator() {
        use FeedOutage::{GoOn, Refuse};
        let not = Readiness::NotReady;
        // synchronized, failing, overflow, up to date; GoOn, GoOn and required, Refuse
        let cases = [
            ((false, false, false, false), [not(NotReady::NotRead); 3]),
            (
                (false, true, false, false),
                [Readiness::Ready, not(NotReady::NotRead), not(NotReady::NotRead)],
            ),
            ((true, false, false, true), [Readiness::Ready; 3]),
            (
                (true, true, false, false),
                [Readiness::Ready, Readiness::Ready, not(NotReady::Outdated)],
            ),
            ((true, false, true, true), [not(NotReady::Overflow); 3]),
            ((false, true, true, false), [not(NotReady::Overflow); 3]),
        ];
        for ((is_synchronized, failing, has_overflow, up_to_date), expected) in cases {
            let mut report = Report { is_synchronized, has_overflow, ..Report::default() };
            report.record_read(if failing { Err("down".to_owned()) } else { Ok(()) });
            let found = [(GoOn, false), (GoOn, true), (Refuse, false)]
                .map(|(outage, required)| report.readiness(outage, required, up_to_date));
            assert_eq!(found, expected, "{is_synchronized} {failing} {has_overflow} {up_to_date}");
        }
    }

    #[test]
    fn an_error_is_new_once() {
        let mut report = Report::default();
        let down = || Err("down".to_owned());
        assert!(report.record_read(down()));
        assert!(!report.record_read(down()));
        assert!(report.record_append(&Err("full".to_owned())));
        assert_eq!(report.last_error().as_deref(), Some("down"));
        assert!(!report.record_read(Ok(())));
        assert_eq!(report.last_error().as_deref(), Some("full"));
        assert!(report.record_read(down()));
    }
}
