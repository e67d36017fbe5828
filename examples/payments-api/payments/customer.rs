//! The customer who makes a request.

use axum_protected::{AccessToken, Loaded, check};

/// A customer of the bank. A subject is unique only within its issuer, so both are needed.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Customer {
    issuer: String,
    subject: String,
}

/// Finds the customer of the token. A token of a client that acts for itself is refused: its subject
/// is the client (RFC 9068 section 2.2), and a client is not a customer.
#[check]
pub(super) async fn customer(token: AccessToken) -> Option<Loaded<Customer>> {
    let subject = token.subject().filter(|subject| token.client() != Some(subject))?;
    Some(Loaded(Customer { issuer: token.issuer().to_owned(), subject: subject.to_owned() }))
}
