//! Claims that satisfy demands, and the verdict on claims without a signature: the part of
//! `axum-protected-testing` that depends on each kind of demand and each provider.

mod claims;
mod verdict;

pub use self::claims::claims_for;
pub use self::verdict::{ClaimsVerdict, verdict};
