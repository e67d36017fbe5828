//! What a key set says to a token.

use crate::error::TokenErrorKind;
use crate::keys::{Choice, KeySet, PublishedKey};
use crate::telemetry;
use crate::token::{Compact, Header};

/// The one key of the set that the token names, if that key made the signature.
pub(super) fn verdict<'a>(
    set: &'a KeySet,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<&'a PublishedKey, TokenErrorKind> {
    match set.choose(header.kid, header.algorithm) {
        Choice::Unknown => Err(TokenErrorKind::UnknownKey),
        Choice::Unsuitable => Err(TokenErrorKind::UnsuitableKey),
        Choice::Key(key) => {
            let verify = || key.verifies(token.signing_input, &token.signature);
            if telemetry::timed(header.algorithm.name(), verify) {
                Ok(key)
            } else {
                Err(TokenErrorKind::InvalidSignature)
            }
        }
    }
}

/// Whether a newer set may know better: about a `kid` that this one does not name and, where the
/// token names none, about every token that it does not verify.
pub(super) fn is_open(verdict: Result<&PublishedKey, TokenErrorKind>, header: &Header<'_>) -> bool {
    match verdict {
        Ok(_) => false,
        Err(TokenErrorKind::UnknownKey) => true,
        Err(_) => header.kid.is_none(),
    }
}

#[cfg(test)]
mod wycheproof;
