//! Text of a record in a log of revocations.
//!
//! A record is one JSON object, for example
//! `{"v":1,"issuer":"https://id.example.com","token":"j1","until":1700000000}`. The members `session`,
//! `subject` and `client` stand in the place of `token`, and `"all":true` for all tokens of the
//! issuer. Times are whole seconds since 1970; the members `until_nanoseconds` and
//! `issued_until_nanoseconds` have the rest, if there is one. Every instance must understand every
//! record exactly, so an unknown member or another version makes a record unreadable.

use serde::Serialize;

use super::log::LogPosition;
use super::target::{Kind, Revocation};
use super::timestamp::Timestamp;
use crate::json::{self, Item, Object};

/// Largest length of a record in bytes. The name in an accepted token is shorter, because the token
/// is.
pub(super) const RECORD_LIMIT: usize = 16 * 1024;

/// Version of the format, in the member `v`.
const VERSION: i64 = 1;

/// Content of a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The revocation of tokens until a time.
    Revocation(Revocation, Timestamp),
    /// The announcement that records may be removed, because they have ended. The announcement
    /// itself ends at the time.
    Trimmed(Trimmed, Timestamp),
}

/// The records of a log that an announcement is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trimmed {
    /// Position of the first record that the log had.
    pub(super) from: LogPosition,
    /// Position before which all records may be removed.
    pub(super) before: LogPosition,
}

/// The error for a text that is not a record of this version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotARecord;

/// Names of the members, in the order of their text.
#[derive(Default, Serialize)]
struct Members<'a> {
    v: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    all: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trimmed_from: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trimmed_before: Option<String>,
    until: u64,
    #[serde(skip_serializing_if = "is_zero")]
    until_nanoseconds: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_until: Option<u64>,
    #[serde(skip_serializing_if = "is_zero")]
    issued_until_nanoseconds: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// A revocation that borrows its texts, to write it as a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct RevocationText<'a> {
    pub(super) issuer: &'a str,
    pub(super) kind: Kind,
    pub(super) name: &'a str,
    pub(super) until: Timestamp,
    pub(super) latest: Option<Timestamp>,
}

/// Writes a revocation as a record.
pub(super) fn revocation(text: &RevocationText<'_>) -> String {
    let (until, until_nanoseconds) = text.until.parts();
    let latest = text.latest.map(Timestamp::parts);
    let mut members = Members {
        v: VERSION,
        issuer: Some(text.issuer),
        until,
        until_nanoseconds,
        issued_until: latest.map(|(seconds, _)| seconds),
        issued_until_nanoseconds: latest.map_or(0, |(_, nanoseconds)| nanoseconds),
        ..Members::default()
    };
    match text.kind {
        Kind::Token => members.token = Some(text.name),
        Kind::Session => members.session = Some(text.name),
        Kind::Subject => members.subject = Some(text.name),
        Kind::Client => members.client = Some(text.name),
        Kind::Issuer => members.all = Some(true),
    }
    write(&members)
}

/// Writes the announcement that these records may be removed.
pub(super) fn trimmed(records: Trimmed, until: Timestamp) -> String {
    let (until, until_nanoseconds) = until.parts();
    write(&Members {
        v: VERSION,
        trimmed_from: Some(records.from.to_string()),
        trimmed_before: Some(records.before.to_string()),
        until,
        until_nanoseconds,
        ..Members::default()
    })
}

fn write(members: &Members<'_>) -> String {
    // Strings and numbers can always be written.
    serde_json::to_string(members).unwrap_or_default()
}

/// Reads the text of a record.
pub(super) fn read(text: &str) -> Result<Record, NotARecord> {
    if text.len() > RECORD_LIMIT {
        return Err(NotARecord);
    }
    let document = json::object(text.as_bytes()).map_err(|_| NotARecord)?;
    record(document.root()).ok_or(NotARecord)
}

fn record(object: Object<'_>) -> Option<Record> {
    if integer(object, "v")? != Some(VERSION) {
        return None;
    }
    let until = time(object, "until", "until_nanoseconds")??;
    let latest = time(object, "issued_until", "issued_until_nanoseconds")?;
    let mut target = None;
    for (name, value) in object.members() {
        let new = match (name, value) {
            (
                "v"
                | "issuer"
                | "until"
                | "until_nanoseconds"
                | "issued_until"
                | "issued_until_nanoseconds"
                | "trimmed_from",
                _,
            ) => continue,
            ("token", Item::String(name)) => Target::Tokens(Kind::Token, name),
            ("session", Item::String(name)) => Target::Tokens(Kind::Session, name),
            ("subject", Item::String(name)) => Target::Tokens(Kind::Subject, name),
            ("client", Item::String(name)) => Target::Tokens(Kind::Client, name),
            ("all", Item::Bool(true)) => Target::Tokens(Kind::Issuer, ""),
            ("trimmed_before", Item::String(text)) => Target::Records(position(text)?),
            _ => return None,
        };
        if target.replace(new).is_some() {
            return None;
        }
    }
    match target? {
        Target::Tokens(kind, name) if !object.contains("trimmed_from") => {
            let issuer = object.get("issuer")?.as_str()?;
            if kind.has_latest() != latest.is_some() {
                return None;
            }
            let (issuer, name) = (issuer.to_owned(), name.to_owned());
            Some(Record::Revocation(Revocation { issuer, kind, name, latest }, until))
        }
        Target::Records(before) if latest.is_none() && !object.contains("issuer") => {
            let from = position(object.get("trimmed_from")?.as_str()?)?;
            Some(Record::Trimmed(Trimmed { from, before }, until))
        }
        _ => None,
    }
}

enum Target<'a> {
    Tokens(Kind, &'a str),
    Records(LogPosition),
}

/// Returns the integer in a member, or `Some(None)` without the member. Returns `None` for another
/// value.
#[allow(clippy::option_option, reason = "the outer level is the error")]
fn integer(object: Object<'_>, name: &str) -> Option<Option<i64>> {
    match object.get(name) {
        None => Some(None),
        Some(Item::Number(number)) => number.as_i64().map(Some),
        Some(_) => None,
    }
}

/// Returns the time in two members, or `Some(None)` without them. Returns `None` for values that are
/// not a time.
#[allow(clippy::option_option, reason = "the outer level is the error")]
fn time(object: Object<'_>, seconds: &str, nanoseconds: &str) -> Option<Option<Timestamp>> {
    let rest = match integer(object, nanoseconds)? {
        None => 0,
        Some(rest) => u32::try_from(rest).ok().filter(|rest| (1..1_000_000_000).contains(rest))?,
    };
    match integer(object, seconds)? {
        None if rest == 0 => Some(None),
        None => None,
        Some(seconds) => Timestamp::from_parts(u64::try_from(seconds).ok()?, rest).map(Some),
    }
}

/// Returns the position with exactly this text.
fn position(text: &str) -> Option<LogPosition> {
    let (major, minor) = text.split_once('-')?;
    let position = LogPosition::new(major.parse().ok()?, minor.parse().ok()?);
    (position.to_string() == text).then_some(position)
}

#[cfg(test)]
mod tests;
