//! Records of ends: of a session, of the sessions of a subject, or of those of a session at the
//! provider.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::StoreError;

/// The end of sessions. A session compares the identifier with the one that it saw when it began.
/// It does not compare times, because the clocks of instances differ.
pub(super) enum End {
    Known(KnownEnd),
    /// An end of another version. It ends every session.
    Unknown,
}

#[derive(Serialize, Deserialize)]
pub(super) struct KnownEnd {
    #[serde(rename = "v")]
    version: u8,
    /// A random number.
    id: u64,
    at: SystemTime,
}

/// The ends of the subject and of the session at the provider.
pub(super) struct Ends {
    pub(super) subject: Option<End>,
    pub(super) provider_session: Option<End>,
}

/// The identifiers of the ends that were there before a session.
#[derive(Clone, Copy, Serialize, Deserialize)]
pub(super) struct SeenEnds {
    subject: Option<u64>,
    provider_session: Option<u64>,
}

/// The only version.
const VERSION: u8 = 1;

impl End {
    /// Returns the value of a new end.
    pub(super) fn new_value(now: SystemTime) -> Result<Value, StoreError> {
        let id = getrandom::u64()
            .map_err(|error| StoreError(format!("the system gives no random numbers: {error}")))?;
        serde_json::to_value(KnownEnd { version: VERSION, id, at: now })
            .map_err(|_| StoreError("the time is before the year 1970".into()))
    }

    /// Returns true for the value of an end at or after this time.
    pub(super) fn is_since(value: &Value, time: SystemTime) -> bool {
        matches!(Self::read(value), Self::Known(end) if end.at >= time)
    }

    pub(super) fn read(value: &Value) -> Self {
        match KnownEnd::deserialize(value) {
            Ok(end) if end.version == VERSION => Self::Known(end),
            _ => Self::Unknown,
        }
    }

    /// Returns the identifier of an end that was there when a sign-in began. Returns `Err` if the
    /// end is later, so that it ends the session.
    fn before(&self, began_at: SystemTime) -> Result<u64, Ended> {
        match self {
            Self::Known(end) if end.at < began_at => Ok(end.id),
            _ => Err(Ended),
        }
    }

    fn is(&self, seen: Option<u64>) -> bool {
        matches!(self, Self::Known(end) if Some(end.id) == seen)
    }
}

/// The session has ended.
pub(super) struct Ended;

impl Ends {
    /// Returns the ends that a new session has seen.
    pub(super) fn before(&self, began_at: SystemTime) -> Result<SeenEnds, Ended> {
        let before = |end: &Option<End>| end.as_ref().map(|end| end.before(began_at)).transpose();
        Ok(SeenEnds {
            subject: before(&self.subject)?,
            provider_session: before(&self.provider_session)?,
        })
    }

    /// Returns true if an end came after the session had begun. A missing end is one that expired,
    /// later than all sessions which it ended.
    pub(super) fn came_after(&self, seen: &SeenEnds) -> bool {
        let is_new = |end: &Option<End>, seen| end.as_ref().is_some_and(|end| !end.is(seen));
        is_new(&self.subject, seen.subject) || is_new(&self.provider_session, seen.provider_session)
    }
}
