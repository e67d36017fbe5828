//! The memory of the proofs that were used.

/// The memory of the DPoP proofs that were used, so that a proof is accepted once (RFC 9449 section
/// 11.1).
pub trait ReplayStore: Send + Sync + 'static {}
