//! The refresh of the access tokens of sessions (RFC 6749 section 6).
//!
//! Many requests of one page may find that the access token has expired. Only one of them may use
//! the refresh token: a provider that rotates refresh tokens takes a second use for a theft, and ends
//! the session (RFC 9700 section 4.14.2). Therefore one flight at a time refreshes a session, in a
//! task of its own; all requests wait for its result.

mod due;
mod flights;
mod outcomes;
mod provider_renewal;
mod refresher;
mod token_renewal;

pub(crate) use self::provider_renewal::ProviderRenewal;
pub(crate) use self::refresher::Refresher;

#[cfg(test)]
pub(crate) use self::token_renewal::{RenewalError, RenewalFuture};
