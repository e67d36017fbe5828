//! The part of `axum-protected-testing` that depends on the kinds of demands and on the providers.
//! It generates claims that satisfy demands, and evaluates a requirement for claims without a
//! signature.

mod claims;
mod claims_verdict;

pub(crate) use self::claims::claims_for;
pub use self::claims_verdict::ClaimsVerdict;
pub(crate) use self::claims_verdict::verdict;
