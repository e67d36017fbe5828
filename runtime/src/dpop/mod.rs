//! Proofs of possession by DPoP (RFC 9449).

mod memory_store;
mod replay_store;
mod target_uri;

pub use self::replay_store::{ProofId, ProofUse, ReplayFuture, ReplayStore};
