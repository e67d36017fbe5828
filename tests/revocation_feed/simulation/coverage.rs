//! The situations that must each occur in at least one schedule, so that the schedules test all
//! invariants.

use std::collections::HashMap;
use std::time::Duration;

use axum_protected::revocation::LogPosition;

use super::fact::{Content, Fact};
use super::history::{Answer, Event, Moment, Outcome, Sample};
use super::judge::BOUND;
use crate::log::{LogEvent, Removal};

type History = [(Moment, Event)];
type Situation = (&'static str, fn(&History) -> bool);

pub(crate) const SITUATIONS: &[Situation] = &[
    ("a server refuses a token that another one revoked", |history| {
        let mut calls = history.iter().filter(|(_, event)| matches!(event, Event::Called { .. }));
        calls.any(|(at, event)| {
            let Event::Called { server: caller, .. } = event else { return false };
            samples(history).any(|(later, server, sample)| {
                later > *at && server != *caller && sample.answers.contains(&Answer::Revoked)
            })
        })
    }),
    ("a server refuses all tokens while it may lack revocations", |history| {
        samples(history).any(|(_, _, sample)| sample.answers.contains(&Answer::Unavailable))
    }),
    ("a server accepts tokens although it is not up to date", |history| {
        samples(history)
            .any(|(_, _, sample)| !sample.up_to_date && sample.answers.contains(&Answer::Accepted))
    }),
    ("a revocation is local only, and the log has it later", |history| {
        outcomes(history, Outcome::LocalOnly).any(|(at, fact)| {
            appended(history).any(|(later, by, other)| later > at && by && other.subsumes(fact))
        })
    }),
    ("a revocation does not fit into the list", |history| {
        samples(history).any(|(_, _, sample)| sample.overflow)
    }),
    ("the list of a server that revokes is full", |history| {
        outcomes(history, Outcome::Refused).next().is_some()
    }),
    ("a record is unreadable", |history| samples(history).any(|(_, _, sample)| sample.unreadable)),
    ("a server appends again what another server or an earlier copy had", |history| {
        let mut first = HashMap::new();
        appended(history)
            .any(|(at, by_server, fact)| by_server && *first.entry(fact).or_insert(at) + BOUND < at)
    }),
    ("a server removes ended records", |history| {
        log_events(history)
            .any(|event| matches!(event, LogEvent::Removed { removal: Removal::Trim(_), .. }))
    }),
    ("an acknowledged revocation is lost with its copy", |history| {
        let copies = log_events(history).filter_map(|event| match event {
            LogEvent::Created { records, .. } => Some(records),
            _ => None,
        });
        let texts = |records: &Vec<(_, String)>| -> Vec<Content> {
            records.iter().map(|(_, text)| Content::of(text)).collect()
        };
        let created: Vec<_> = copies.map(texts).collect();
        outcomes(history, Outcome::Shared)
            .any(|(_, fact)| created.iter().any(|copy| !copy.contains(&Content::Fact(*fact))))
    }),
    ("a server is stopped while `revoke` waits", |history| {
        let mut waiting = HashMap::new();
        history.iter().any(|(_, event)| {
            match event {
                Event::Called { server, call, .. } => drop(waiting.insert(*call, *server)),
                Event::Resolved { call, .. } => drop(waiting.remove(call)),
                Event::Stopped { server } => return waiting.values().any(|other| other == server),
                _ => {}
            }
            false
        })
    }),
    ("a process is stopped for longer than the bound", |history| {
        let mut stopped: HashMap<usize, Moment> = HashMap::new();
        history.iter().any(|(at, event)| {
            match event {
                Event::Paused { server, is_paused: true } => drop(stopped.insert(*server, *at)),
                Event::Paused { server, .. } => {
                    return stopped.remove(server).is_some_and(|since| *at > since + BOUND);
                }
                _ => {}
            }
            false
        })
    }),
    ("a clock is set back", |history| {
        history.iter().any(|(_, event)| matches!(event, Event::Clock { ahead: ..-1000, .. }))
    }),
    ("the log is deleted, and gives positions again that servers have read", |history| {
        let mut before: HashMap<usize, LogPosition> = HashMap::new();
        let mut deleted = HashMap::new();
        log_events(history).any(|event| {
            match event {
                LogEvent::Appended { copy, position, .. } => {
                    let is_lower = deleted.get(copy).is_some_and(|highest| position < highest);
                    before.insert(*copy, *position);
                    return is_lower;
                }
                LogEvent::Deleted { copy } => {
                    deleted.extend(before.get(copy).map(|highest| (*copy, *highest)));
                }
                _ => {}
            }
            false
        })
    }),
    ("the last record is removed before a server reads it", |history| {
        is_removed_unread(history, Removal::Single)
    }),
    ("the only record of the log is removed before a server reads it", |history| {
        is_removed_unread(history, Removal::Foreign)
    }),
    ("a process is stopped while others announce a trim and trim", |history| {
        sleepers(history).any(|slept| {
            let announced = slept.iter().position(|(_, event)| is_announcement(event));
            let rest = announced.map_or(&[][..], |index| &slept[index..]);
            log_events(rest)
                .any(|event| matches!(event, LogEvent::Removed { removal: Removal::Trim(_), .. }))
        })
    }),
    ("a process is stopped while the log loses records and others announce a trim", |history| {
        sleepers(history).any(|slept| {
            let lost = slept.iter().position(|(_, event)| {
                matches!(event, Event::Log(LogEvent::Removed { removal: Removal::Foreign, .. }))
            });
            lost.is_some_and(|index| slept[index..].iter().any(|(_, event)| is_announcement(event)))
        })
    }),
    ("a run takes long enough for the end of records", |history| {
        history.last().is_some_and(|(at, _)| *at > Duration::from_secs(13 * 60))
    }),
];

/// Returns true if another program removes a record in this way immediately after it was appended. If
/// it removes all records, the log had no other one.
fn is_removed_unread(history: &History, wanted: Removal) -> bool {
    history.windows(2).any(|pair| {
        let [(_, Event::Log(appended)), (_, Event::Log(removed))] = pair else { return false };
        let LogEvent::Appended { copy, position, link: None, .. } = appended else { return false };
        *removed == LogEvent::Removed { copy: *copy, position: *position, removal: wanted }
    })
}

/// Returns the part of the history during which a process was stopped, for each time that one was
/// stopped and continued.
fn sleepers(history: &History) -> impl Iterator<Item = &History> {
    history.iter().enumerate().filter_map(|(began, (_, event))| {
        let Event::Paused { server, is_paused: true } = event else { return None };
        let ends = Event::Paused { server: *server, is_paused: false };
        let rest = &history[began..];
        let end = rest.iter().position(|(_, event)| *event == ends)?;
        Some(&rest[..end])
    })
}

fn is_announcement(event: &Event) -> bool {
    let Event::Log(LogEvent::Appended { text, .. }) = event else { return false };
    Content::of(text) == Content::Announcement
}

fn samples(history: &History) -> impl Iterator<Item = (Moment, usize, &Sample)> {
    history.iter().filter_map(|(at, event)| match event {
        Event::Sampled { server, sample } => Some((*at, *server, &**sample)),
        _ => None,
    })
}

fn log_events(history: &History) -> impl Iterator<Item = &LogEvent> {
    history.iter().filter_map(|(_, event)| match event {
        Event::Log(event) => Some(event),
        _ => None,
    })
}

/// Returns the appended revocations with their moments, and if a server of the simulation appended
/// them.
fn appended(history: &History) -> impl Iterator<Item = (Moment, bool, Fact)> {
    history.iter().filter_map(|(at, event)| match event {
        Event::Log(LogEvent::Appended { link, text, .. }) => match Content::of(text) {
            Content::Fact(fact) => Some((*at, link.is_some(), fact)),
            Content::Announcement | Content::Unreadable => None,
        },
        _ => None,
    })
}

/// Returns the revocations for which `revoke` had this outcome, with the moment of the result.
fn outcomes(history: &History, wanted: Outcome) -> impl Iterator<Item = (Moment, &Fact)> {
    history.iter().filter_map(move |(at, event)| match event {
        Event::Resolved { call, outcome } if *outcome == wanted => {
            Some((*at, fact_of(history, *call)?))
        }
        _ => None,
    })
}

fn fact_of(history: &History, number: usize) -> Option<&Fact> {
    history.iter().find_map(|(_, event)| match event {
        Event::Called { call, fact, .. } if *call == number => Some(fact),
        _ => None,
    })
}
