//! A sign-in that has begun.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::ReturnAddress;

/// The longest time between the begin and the end of a sign-in.
pub(crate) const LIFETIME: Duration = Duration::from_secs(10 * 60);

/// The random bytes of each secret. As base64url they have 43 characters, the shortest length of a
/// `code_verifier` (RFC 7636 section 4.1).
const SECRET_LENGTH: usize = 32;

/// The secrets of a sign-in and the page to which it leads. The browser keeps them in a sealed cookie,
/// so that requests of strangers store nothing on the server. The `Debug` output contains none of
/// them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PendingSignIn {
    state: String,
    pub(crate) nonce: String,
    /// The `code_verifier` of PKCE.
    pub(crate) verifier: String,
    /// The path of the return address, with its query and fragment.
    return_to: String,
    /// The time of the begin, in seconds since 1970.
    began: u64,
}

impl PendingSignIn {
    /// Begins a sign-in that leads to this address.
    pub(crate) fn begin(
        return_address: &ReturnAddress,
        now: SystemTime,
    ) -> Result<Self, getrandom::Error> {
        Ok(Self {
            state: secret()?,
            nonce: secret()?,
            verifier: secret()?,
            return_to: return_address.path(),
            began: now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
        })
    }

    pub(crate) fn state(&self) -> &str {
        &self.state
    }

    /// Compares the `state` of a response. The comparison of hashes takes a time that says nothing
    /// about the state.
    pub(crate) fn has_state(&self, state: &str) -> bool {
        Sha256::digest(&self.state) == Sha256::digest(state)
    }

    pub(crate) fn has_expired(&self, now: SystemTime) -> bool {
        let end = Duration::from_secs(self.began).saturating_add(LIFETIME);
        now.duration_since(UNIX_EPOCH).unwrap_or_default() > end
    }

    /// Returns the address to which the sign-in leads.
    pub(crate) fn return_address(&self, public_url: &Url) -> ReturnAddress {
        ReturnAddress::resolve(public_url, &self.return_to)
            .unwrap_or_else(|| ReturnAddress::root(public_url))
    }
}

fn secret() -> Result<String, getrandom::Error> {
    let mut bytes = [0; SECRET_LENGTH];
    getrandom::fill(&mut bytes)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

impl fmt::Debug for PendingSignIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("PendingSignIn").finish_non_exhaustive()
    }
}
