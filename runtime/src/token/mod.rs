//! Parses access tokens and checks the header, the claims and the signature.
//!
//! This module has no async code, does not fetch keys and does not depend on HTTP. Callers pass the
//! key and the current time as arguments.

mod access_token;
mod compact;
mod expectation;
mod header;
mod provider;
mod registered;
mod rules;
pub(crate) mod signature;
mod signed_by;

pub use self::access_token::AccessToken;
pub use self::provider::Provider;

pub(crate) use self::provider::Dialect;

pub(crate) use self::compact::Compact;
#[cfg(test)]
pub(crate) use self::compact::{Parts, decode, object};
pub(crate) use self::expectation::quoted;
pub(crate) use self::header::Header;
pub(crate) use self::registered::{ClaimPositions, Registered, string};
pub(crate) use self::rules::{Profile, Rules};
pub(crate) use self::signed_by::SignedBy;
