//! Cause of a fetch.

/// Cause of a fetch. The causes are ordered: a fetch for a later cause does everything that a fetch
/// for an earlier cause does.
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
