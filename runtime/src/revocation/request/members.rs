//! The members of a request, and the rules for them.

use std::fmt;
use std::time::{Duration, SystemTime};

use serde::de::{Error, IgnoredAny, MapAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

use super::RevocationRequest;

/// Largest number of bytes of a text. A record of the longest texts stays below the longest record
/// that other instances read, whatever its characters are.
const LONGEST: usize = 2048;

/// The end of the year 9999, in seconds since 1970. A later time is in milliseconds by mistake.
const LATEST: u64 = 253_402_300_799;

const ISSUER: &str = "issuer";
const TOKEN: &str = "token";
const SESSION: &str = "session";
const SUBJECT: &str = "subject";
const CLIENT: &str = "client";
const ALL: &str = "all";
const UNTIL: &str = "until";
const ISSUED_UNTIL: &str = "issued_until";

const NAMES: [&str; 8] = [ISSUER, TOKEN, SESSION, SUBJECT, CLIENT, ALL, UNTIL, ISSUED_UNTIL];

/// The tokens to revoke, with the latest `iat` if the request contains one.
pub(super) enum Target {
    Token(String),
    Session(String),
    Subject(String, Option<SystemTime>),
    Client(String, Option<SystemTime>),
    All(Option<SystemTime>),
}

impl Target {
    /// Returns the member that names the target.
    pub(super) fn member(&self) -> &'static str {
        match self {
            Self::Token(_) => TOKEN,
            Self::Session(_) => SESSION,
            Self::Subject(..) => SUBJECT,
            Self::Client(..) => CLIENT,
            Self::All(_) => ALL,
        }
    }
}

/// The members, whose values have the right types.
#[derive(Default)]
pub(super) struct Members {
    issuer: Option<String>,
    token: Option<String>,
    session: Option<String>,
    subject: Option<String>,
    client: Option<String>,
    all: Option<bool>,
    until: Option<u64>,
    issued_until: Option<u64>,
}

impl Members {
    /// Returns the request. An error is a sentence that names the member.
    pub(super) fn request(self) -> Result<RevocationRequest, String> {
        let issuer = self.issuer.ok_or("`issuer` is missing: set it to the `iss` of the tokens")?;
        let latest = time(ISSUED_UNTIL, self.issued_until)?;
        let is_all = match self.all {
            Some(false) => return Err("`all` is not `true`: remove it".to_owned()),
            all => all.is_some(),
        };
        let targets = [
            self.token.map(Target::Token),
            self.session.map(Target::Session),
            self.subject.map(|subject| Target::Subject(subject, latest)),
            self.client.map(|client| Target::Client(client, latest)),
            is_all.then_some(Target::All(latest)),
        ];
        let target = only(targets.into_iter().flatten().collect())?;
        if latest.is_some() && matches!(target, Target::Token(_) | Target::Session(_)) {
            let member = target.member();
            return Err(format!("`issued_until` has no effect with `{member}`: remove it"));
        }
        Ok(RevocationRequest { issuer, target, until: time(UNTIL, self.until)? })
    }

    fn read<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        match name {
            ISSUER => self.issuer = text(ISSUER, map)?,
            TOKEN => self.token = text(TOKEN, map)?,
            SESSION => self.session = text(SESSION, map)?,
            SUBJECT => self.subject = text(SUBJECT, map)?,
            CLIENT => self.client = text(CLIENT, map)?,
            ALL => self.all = flag(map)?,
            UNTIL => self.until = seconds(UNTIL, map)?,
            ISSUED_UNTIL => self.issued_until = seconds(ISSUED_UNTIL, map)?,
            _ => {
                let shown: String = name.chars().flat_map(char::escape_debug).take(64).collect();
                let known = NAMES.join("`, `");
                return Err(A::Error::custom(format!(
                    "`{shown}` is not a member of a revocation, which has `{known}`"
                )));
            }
        }
        Ok(())
    }
}

/// Returns the only target.
fn only(mut targets: Vec<Target>) -> Result<Target, String> {
    let names: Vec<_> = targets.iter().map(|target| format!("`{}`", target.member())).collect();
    match (targets.pop(), targets.is_empty()) {
        (Some(target), true) => Ok(target),
        (Some(_), false) if names.len() == 2 => {
            Err(format!("{} are both set: keep one", names.join(" and ")))
        }
        (Some(_), false) => Err(format!("{} are all set: keep one", names.join(", "))),
        (None, _) => {
            let problem = "no tokens are named: set one of `token`, `session`, `subject`, `client` \
                           and `all`";
            Err(problem.to_owned())
        }
    }
}

fn time(member: &str, seconds: Option<u64>) -> Result<Option<SystemTime>, String> {
    let Some(seconds) = seconds else { return Ok(None) };
    if seconds > LATEST {
        return Err(format!("`{member}` is after the year 9999: write it in seconds"));
    }
    Ok(SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)))
}

/// A value whose type is not yet checked. The errors of serde would contain the value itself.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Flag(bool),
    Absent(()),
    Other(IgnoredAny),
}

fn text<'de, A: MapAccess<'de>>(member: &str, map: &mut A) -> Result<Option<String>, A::Error> {
    match map.next_value()? {
        Value::Text(text) if text.is_empty() => {
            Err(A::Error::custom(format!("`{member}` is empty")))
        }
        Value::Text(text) if text.len() > LONGEST => {
            Err(A::Error::custom(format!("`{member}` is longer than {LONGEST} bytes")))
        }
        Value::Text(text) => Ok(Some(text)),
        Value::Absent(()) => Ok(None),
        Value::Flag(_) | Value::Other(_) => {
            Err(A::Error::custom(format!("`{member}` is not a text")))
        }
    }
}

fn flag<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<bool>, A::Error> {
    match map.next_value()? {
        Value::Flag(flag) => Ok(Some(flag)),
        Value::Absent(()) => Ok(None),
        Value::Text(_) | Value::Other(_) => Err(A::Error::custom("`all` is not `true`")),
    }
}

fn seconds<'de, A: MapAccess<'de>>(member: &str, map: &mut A) -> Result<Option<u64>, A::Error> {
    map.next_value().map_err(|_| {
        A::Error::custom(format!("`{member}` is not a whole number of seconds since 1970"))
    })
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Not `deserialize_map`, whose error for a text would contain the text.
        deserializer.deserialize_any(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object with the members of a revocation")
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Members, E> {
        Err(E::invalid_type(Unexpected::Other("text"), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Members::default();
        let mut repeatable = NAMES.to_vec();
        while let Some(name) = map.next_key::<String>()? {
            members.read(&name, &mut map)?;
            let position = repeatable.iter().position(|known| *known == name);
            let Some(position) = position else {
                return Err(A::Error::custom(format!("`{name}` is repeated")));
            };
            repeatable.swap_remove(position);
        }
        Ok(members)
    }
}
