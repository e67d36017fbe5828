//! The place of the sessions.

use std::fmt;
use std::sync::Arc;

use super::SealingKey;
use crate::seal::SealingKeys;
use crate::store::SessionStore;

/// The place of the sessions, as an application writes it.
#[derive(Clone)]
pub(crate) enum PlaceSetting {
    Memory { limit: usize },
    Store(Arc<dyn SessionStore>),
    Sealed(Vec<SealingKey>),
}

/// The place of the sessions of a backend.
#[derive(Clone)]
pub(crate) enum SessionPlace {
    /// The memory of this process, for at most this number of sessions.
    Memory {
        limit: usize,
    },
    Store(Arc<dyn SessionStore>),
    /// The cookie of the session, sealed with these keys.
    Sealed(Arc<SealingKeys>),
}

impl fmt::Debug for PlaceSetting {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory { limit } => {
                formatter.debug_struct("Memory").field("limit", limit).finish()
            }
            Self::Store(_) => formatter.write_str("Store"),
            Self::Sealed(keys) => formatter.debug_tuple("Sealed").field(keys).finish(),
        }
    }
}
