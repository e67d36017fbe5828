//! Cause of a fetch.

/// Cause of a fetch. The causes are ordered: a later one demands all that an earlier one demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FetchCause {
    /// The token of a request needs a key that the current key set does not contain, or fails by a
    /// key that the issuer may have replaced.
    UnknownKey,
    /// The first fetch, a refresh, or a retry after a failed fetch.
    Schedule,
    /// An operator's reload.
    Reload,
}
