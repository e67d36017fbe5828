//! The session of a browser: its identifier, and the record that the server keeps of it.

mod record;
#[cfg(test)]
mod sample;
mod session_id;
mod unix_seconds;

pub(crate) use self::record::SessionRecord;
#[cfg(test)]
pub(crate) use self::sample::sample_record;
pub(crate) use self::session_id::{SessionId, SessionKey, SessionName};
