//! The refresh of the access tokens of sessions (RFC 6749 section 6).
//!
//! Many requests of one page may find that the access token has expired. Only one of them may use
//! the refresh token: a provider that rotates refresh tokens takes a second use for a theft, and ends
//! the session (RFC 9700 section 4.14.2). Therefore one flight at a time refreshes a session, in a
//! task of its own; all requests wait for its result. Each session has at most one flight, so that
//! sign-ins bound their number.
//!
//! Other instances of the application are not asked. A lease in the record would need an operation
//! that compares and replaces, which the stores do not have: without it, a lease could overwrite the
//! new tokens of another instance. Instead, a session whose refresh token is refused is read again.
//! Between the refresh of one instance and its save, another instance may use the old token.

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
