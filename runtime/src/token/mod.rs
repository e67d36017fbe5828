//! Parses access tokens and checks the header, the claims and the signature.
//!
//! This module has no async code, does not fetch keys and does not depend on HTTP. Callers pass the
//! key and the current time as arguments.

mod claim_positions;
mod compact;
mod dialect;
mod expectation;
mod header;
mod kind;
mod profile;
mod profile_claims;
mod provider;
mod registered;
mod rules;
pub(crate) mod signature;
mod signed_by;

pub use self::provider::Provider;

pub(crate) use self::claim_positions::ClaimPositions;
pub(crate) use self::compact::{Compact, Parts, decode, has_json_header, object, readable_parts};

pub(crate) use self::dialect::{AUDIENCE, Dialect, RolePath};
pub(crate) use self::expectation::quoted;
pub(crate) use self::header::Header;
pub(crate) use self::kind::Kind;
pub(crate) use self::profile::Profile;
pub(crate) use self::profile::is_media_type;
#[cfg(feature = "security_events")]
pub(crate) use self::registered::numeric_date;
pub(crate) use self::registered::{Registered, string};
pub(crate) use self::rules::{Rules, check_end};
pub(crate) use self::signed_by::SignedBy;
