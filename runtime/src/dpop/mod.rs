//! DPoP: proofs that a caller holds the key to which its token is bound (RFC 9449).
//!
//! [`Dpop`] has the settings. The [guide](crate::guide::bound_tokens) has the rules for proofs.

#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod judge;
mod key_shares;
mod known_headers;
mod memory_store;
mod nonce;
mod nonce_secret;
mod proof;
mod proof_header;
mod replay_store;
mod replays;
mod settings;
mod target_uri;
mod validation;
mod warnings;

pub(crate) use self::header::{DPOP, only_proof};
pub(crate) use self::judge::{DpopJudge, Presented};
pub use self::replay_store::{ProofId, ProofUse, ReplayFuture, ReplayStore};
pub use self::settings::Dpop;
pub(crate) use self::target_uri::BaseUri;
