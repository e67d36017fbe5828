//! The revocations of a simulation, and their records.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum_protected::revocation::Revocation;
use serde::Deserialize;
use serde_json::json;

use super::token::{Token, issuer_name};

pub(crate) use crate::clock::BEGINNING;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Token,
    Session,
    Subject,
    Client,
    Issuer,
}

/// The tokens that a revocation names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Target {
    pub(crate) issuer: u8,
    pub(crate) kind: Kind,
    pub(crate) name: u32,
}

/// A revocation. The times are in seconds since the Unix epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Fact {
    pub(crate) target: Target,
    pub(crate) until: u64,
    /// The latest `iat` of the revoked tokens, or zero for tokens and sessions.
    pub(crate) latest: u64,
}

/// The content of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Fact(Fact),
    Announcement,
    Unreadable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    v: u8,
    issuer: Option<String>,
    token: Option<String>,
    session: Option<String>,
    subject: Option<String>,
    client: Option<String>,
    all: Option<bool>,
    trimmed_from: Option<String>,
    trimmed_before: Option<String>,
    until: u64,
    /// No time in a simulation has a fraction, but for the end of an announcement.
    until_nanoseconds: Option<u32>,
    issued_until: Option<u64>,
}

impl Kind {
    fn prefix(self) -> char {
        match self {
            Self::Token => 't',
            Self::Session => 's',
            Self::Subject => 'u',
            Self::Client => 'c',
            Self::Issuer => 'i',
        }
    }

    fn has_latest(self) -> bool {
        !matches!(self, Self::Token | Self::Session)
    }
}

impl Target {
    fn text(self) -> String {
        format!("{}{}", self.kind.prefix(), self.name)
    }
}

impl Fact {
    pub(crate) fn new(target: Target, until: u64, latest: u64) -> Self {
        Self { target, until, latest: if target.kind.has_latest() { latest } else { 0 } }
    }

    /// Returns true if this revocation revokes all that the other one revokes, for as long.
    pub(crate) fn subsumes(&self, other: &Self) -> bool {
        self.target == other.target && self.until >= other.until && self.latest >= other.latest
    }

    pub(crate) fn covers(&self, token: &Token) -> bool {
        let Target { issuer, kind, name } = self.target;
        issuer == token.issuer
            && match kind {
                Kind::Token => token.jti == name,
                Kind::Session => token.sid == name,
                Kind::Subject => token.sub == name && token.iat <= self.latest,
                Kind::Client => token.client == name && token.iat <= self.latest,
                Kind::Issuer => token.iat <= self.latest,
            }
    }

    pub(crate) fn revocation(&self) -> Revocation {
        let Target { issuer, kind, .. } = self.target;
        let (issuer, name) = (issuer_name(issuer), self.target.text());
        let latest = UNIX_EPOCH + Duration::from_secs(self.latest);
        match kind {
            Kind::Token => Revocation::token(issuer, name),
            Kind::Session => Revocation::session(issuer, name),
            Kind::Subject => Revocation::subject(issuer, name, latest),
            Kind::Client => Revocation::client(issuer, name, latest),
            Kind::Issuer => Revocation::issuer(issuer, latest),
        }
    }

    pub(crate) fn end(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(self.until)
    }

    /// Returns the text of the record that another instance would append.
    pub(crate) fn record(&self) -> String {
        let Target { issuer, kind, .. } = self.target;
        let mut record = json!({ "v": 1, "issuer": issuer_name(issuer), "until": self.until });
        let (member, value) = match kind {
            Kind::Token => ("token", self.target.text().into()),
            Kind::Session => ("session", self.target.text().into()),
            Kind::Subject => ("subject", self.target.text().into()),
            Kind::Client => ("client", self.target.text().into()),
            Kind::Issuer => ("all", true.into()),
        };
        record[member] = value;
        if kind.has_latest() {
            record["issued_until"] = self.latest.into();
        }
        record.to_string()
    }
}

/// Returns true if the revocation has not ended by a clock that is right.
pub(crate) fn is_in_force(fact: &Fact, now: Duration) -> bool {
    Duration::from_secs(fact.until) > Duration::from_secs(BEGINNING) + now
}

impl Content {
    /// Reads a record.
    pub(crate) fn of(text: &str) -> Self {
        let Ok(record) = serde_json::from_str::<Record>(text) else { return Self::Unreadable };
        if record.v != 1 {
            return Self::Unreadable;
        }
        if record.trimmed_before.is_some() && record.trimmed_from.is_some() {
            return Self::Announcement;
        }
        assert_eq!(record.until_nanoseconds, None, "{text}");
        let names = [
            (Kind::Token, record.token),
            (Kind::Session, record.session),
            (Kind::Subject, record.subject),
            (Kind::Client, record.client),
            (Kind::Issuer, record.all.map(|_| "i0".to_owned())),
        ];
        let mut targets = names.into_iter().filter_map(|(kind, name)| Some((kind, name?)));
        let (Some((kind, name)), None) = (targets.next(), targets.next()) else {
            return Self::Unreadable;
        };
        let issuer = record.issuer.unwrap_or_default();
        let issuer = (0..2).find(|index| issuer_name(*index) == issuer).unwrap();
        let name = name.strip_prefix(kind.prefix()).and_then(|name| name.parse().ok()).unwrap();
        let latest = record.issued_until.unwrap_or_default();
        Self::Fact(Fact { target: Target { issuer, kind, name }, until: record.until, latest })
    }
}

#[test]
fn a_record_has_the_content_that_was_written() {
    for (kind, name) in [
        (Kind::Token, 3),
        (Kind::Session, 0),
        (Kind::Subject, 12),
        (Kind::Client, 1),
        (Kind::Issuer, 0),
    ] {
        let fact = Fact::new(Target { issuer: 1, kind, name }, BEGINNING + 5, BEGINNING - 5);
        assert_eq!(Content::of(&fact.record()), Content::Fact(fact));
    }
    assert_eq!(Content::of("garbage"), Content::Unreadable);
    assert_eq!(Content::of(r#"{"v":2,"issuer":"x","token":"t1","until":5}"#), Content::Unreadable);
    let announcement =
        r#"{"v":1,"trimmed_from":"5-0","trimmed_before":"7-0","until":5,"until_nanoseconds":1}"#;
    assert_eq!(Content::of(announcement), Content::Announcement);
}

#[test]
fn a_revocation_subsumes_weaker_ones_only() {
    let target = Target { issuer: 0, kind: Kind::Subject, name: 1 };
    let fact = Fact::new(target, 10, 5);
    for (other, expected) in [
        (fact, true),
        (Fact::new(target, 9, 5), true),
        (Fact::new(target, 10, 4), true),
        (Fact::new(target, 11, 5), false),
        (Fact::new(target, 10, 6), false),
        (Fact::new(Target { issuer: 1, ..target }, 10, 5), false),
        (Fact::new(Target { kind: Kind::Client, ..target }, 10, 5), false),
    ] {
        assert_eq!(fact.subsumes(&other), expected, "{other:?}");
    }
}
