//! Verifies a signature with keys that may have to be fetched.

use std::sync::Arc;

use tokio::time::Instant;

use super::signature_check::{check_signature, is_provisional};
use crate::error::{RefusalKind, TokenError};
use crate::error_chain::ErrorChain;
use crate::keys::{KeySet, Keys, PATIENCE, Unavailable};
use crate::redaction::redacted;
use crate::token::{Compact, Header, SignedBy};

/// Reason why a signature is not verified.
pub(in crate::server) enum SignatureError {
    /// No key verifies the signature.
    Refused(RefusalKind),
    /// There are no usable keys now.
    NoKeys(Unavailable),
}

impl SignatureError {
    /// Returns the error of a token of the issuer with this identifier.
    #[cold]
    pub(in crate::server) fn of_issuer(self, issuer: &str) -> TokenError {
        let issuer = redacted(issuer);
        match self {
            Self::Refused(kind) => TokenError::from(kind).of_issuer(issuer, None, None),
            Self::NoKeys(unavailable) => {
                let cause = unavailable.reason.as_ref();
                let cause = cause.map(|error| ErrorChain(&**error).to_string());
                TokenError::keys_unavailable(issuer, unavailable.retry_after, cause)
            }
        }
    }
}

/// Verifies the signature of a token, and returns the key set and the key that verified it.
///
/// If the key set has no key for the token, this function waits for a fetch. If the key that the
/// token names does not verify it, the result is immediate: otherwise each forged token could wait
/// for the network. The issuer may have replaced that key. The token may therefore cause a fetch, and
/// the next request is verified with the new key set.
pub(in crate::server) async fn verify_with(
    keys: &Keys,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<(Arc<KeySet>, SignedBy), SignatureError> {
    let (seen, held) = keys.held_after();
    if let Some(set) = held {
        let result = check_signature(&set, header, token);
        if !is_provisional(&set, result, header) {
            if result.is_err() {
                keys.refetch(seen);
            }
            let signed_by = result.map_err(SignatureError::Refused)?.signed(header);
            return Ok((set, signed_by));
        }
    }
    let deadline = Instant::now() + PATIENCE;
    let is_answer =
        |set: &KeySet| !is_provisional(set, check_signature(set, header, token), header);
    let asked = keys.ask(seen, is_answer, deadline).await;
    let set = asked.map_err(SignatureError::NoKeys)?;
    let key = check_signature(&set, header, token).map_err(SignatureError::Refused)?;
    let signed_by = key.signed(header);
    Ok((set, signed_by))
}

/// Verifies the signature of a message whose sender does not send it again after a refusal. If no
/// key verifies it, and the newest keys could not be fetched, the keys count as missing: the sender
/// may have signed with a new key.
#[cfg(any(feature = "__browser", feature = "security_events"))]
pub(in crate::server) async fn verify_with_newest(
    keys: &Keys,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<(Arc<KeySet>, SignedBy), SignatureError> {
    let (seen, _) = keys.held_after();
    let verified = verify_with(keys, header, token).await;
    match verified {
        Err(SignatureError::Refused(_)) if !keys.has_fetched_since(seen) => {
            let set = keys.held_or_error().map_err(SignatureError::NoKeys)?;
            if is_provisional(&set, check_signature(&set, header, token), header) {
                return Err(SignatureError::NoKeys(keys.unavailable()));
            }
            verified
        }
        verified => verified,
    }
}
