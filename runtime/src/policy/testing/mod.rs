//! Claims that satisfy demands, and the judgement of claims without a signature: the part of
//! `axum-protected-testing` that must know each kind of demand and each provider.

mod claims;
mod verdict;

pub use self::claims::claims_for;
pub use self::verdict::{ClaimsVerdict, verdict};
