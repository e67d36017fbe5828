//! The place of the sessions, as an application writes it.

use std::fmt;
#[cfg(feature = "tower_sessions")]
use std::sync::Arc;

use super::SealingKey;

/// The place of the sessions, as an application writes it.
#[derive(Clone)]
pub(crate) enum SessionPlace {
    /// The memory of this process, for at most this number of sessions.
    Memory { limit: usize },
    #[cfg(feature = "tower_sessions")]
    Store(Arc<dyn tower_sessions_core::SessionStore>),
    /// The cookie of the session, sealed with these keys.
    Sealed(Vec<SealingKey>),
}

impl fmt::Debug for SessionPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory { limit } => {
                formatter.debug_struct("Memory").field("limit", limit).finish()
            }
            #[cfg(feature = "tower_sessions")]
            Self::Store(_) => formatter.write_str("Store"),
            Self::Sealed(keys) => formatter.debug_tuple("Sealed").field(keys).finish(),
        }
    }
}
