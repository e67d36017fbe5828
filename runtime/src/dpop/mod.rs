//! DPoP: proofs that a caller holds the key to which its token is bound (RFC 9449).

mod header;
mod judge;
mod replay_store;

pub(crate) use self::header::only_proof;
pub(crate) use self::judge::{DpopJudge, Presented};
pub use self::replay_store::ReplayStore;
