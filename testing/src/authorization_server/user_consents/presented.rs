//! The arguments of the methods of [`Grants`](super::Grants).

use crate::authorization_server::access::NamedAccess;

/// A user who has signed in, and the time of the sign-in in seconds since 1970.
pub(in super::super) struct SignedInUser {
    pub(in super::super) subject: String,
    pub(in super::super) auth_time: u64,
}

/// The random names of a new code, of the family of refresh tokens that follow from the code, and of
/// the session.
pub(in super::super) struct CodeNames {
    pub(in super::super) code: String,
    pub(in super::super) family: String,
    pub(in super::super) session: String,
}

#[derive(Debug, Clone)]
pub(in super::super) struct PresentedCode<'a> {
    pub(in super::super) client_id: &'a str,
    pub(in super::super) code: &'a str,
    pub(in super::super) redirect_uri: &'a str,
    pub(in super::super) code_verifier: &'a str,
    pub(in super::super) access: NamedAccess<'a>,
    /// The thumbprint of the key of the DPoP proof.
    pub(in super::super) jkt: Option<&'a str>,
    /// True for a client without a secret.
    pub(in super::super) is_public: bool,
}

#[derive(Debug, Clone)]
pub(in super::super) struct PresentedRefreshToken<'a> {
    pub(in super::super) client_id: &'a str,
    pub(in super::super) token: &'a str,
    pub(in super::super) access: NamedAccess<'a>,
    /// The thumbprint of the key of the DPoP proof.
    pub(in super::super) jkt: Option<&'a str>,
}
