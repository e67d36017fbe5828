//! The access that a user, or a client for itself, has been granted.

use super::access::Access;
use super::possession::Confirmation;

/// The content of an access token, and of the ID token that is issued with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) subject: String,
    pub(super) access: Access,
    /// The keys to which an access token is bound. Each token request proves its own.
    pub(super) confirmation: Confirmation,
    /// The sign-in of the user, or `None` for a client that acts for itself.
    pub(super) sign_in: Option<SignIn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignIn {
    /// The time of the sign-in in seconds since 1970.
    pub(super) auth_time: u64,
    /// The class of the sign-in that the client has requested, if it has requested one.
    pub(super) acr: Option<String>,
    /// The nonce of the authorization request. An ID token that follows from a refresh token has no
    /// nonce (OpenID Connect Core section 12.2).
    pub(super) nonce: Option<String>,
    /// The name of the session, which begins with the sign-in: the claim `sid`.
    pub(super) session: String,
}

impl Grant {
    /// Returns the grant of a client that acts without a user. The subject of this grant is the
    /// client (RFC 9068 section 2.2).
    pub(super) fn of_client(client_id: &str, access: Access) -> Self {
        Self {
            client_id: client_id.to_owned(),
            subject: client_id.to_owned(),
            access,
            confirmation: Confirmation::default(),
            sign_in: None,
        }
    }

    /// Returns the name of the user's session.
    pub(super) fn session(&self) -> Option<&str> {
        self.sign_in.as_ref().map(|sign_in| sign_in.session.as_str())
    }

    pub(super) fn without_nonce(&self) -> Self {
        let without_nonce = |sign_in: &SignIn| SignIn { nonce: None, ..sign_in.clone() };
        Self { sign_in: self.sign_in.as_ref().map(without_nonce), ..self.clone() }
    }
}
