//! The session of a browser: its identifier, and the record that the server keeps of it.

mod record;
mod session_id;

pub(crate) use self::record::SessionRecord;
pub(crate) use self::session_id::{SessionId, SessionKey};
