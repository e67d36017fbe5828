//! Sends logout tokens to clients (OpenID Connect Back-Channel Logout 1.0 section 2.5).

use std::io;

use crate::loopback_post::LoopbackUrl;

/// The receiver of the logout tokens of a client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BackChannel(LoopbackUrl);

impl BackChannel {
    /// Reads an http URI on loopback without a fragment, or returns the problem.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        // The error message does not show the text, because the part before an `@` may contain a
        // password.
        LoopbackUrl::read(text).map(Self).ok_or_else(|| {
            "the back-channel logout URI of a client is not http on loopback".to_owned()
        })
    }

    /// Posts a logout token. Returns an error if the client does not answer with 200 or 204 in time
    /// (section 2.8). The value of the form needs no encoding, because a JWT consists of unreserved
    /// characters (RFC 3986 section 2.3).
    pub(super) async fn send(&self, logout_token: &str) -> io::Result<()> {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        match self.0.post(&headers, &format!("logout_token={logout_token}")).await? {
            (200 | 204, _) => Ok(()),
            (status, _) => Err(io::Error::other(format!("the status is {status}"))),
        }
    }
}
