//! What a key set says to a token.

use crate::error::TokenErrorKind;
use crate::keys::{Choice, KeySet};
use crate::telemetry;
use crate::token::{Compact, Header};

/// Whether the set holds the one key that the token names, and that key made the signature.
pub(super) fn verdict(
    set: &KeySet,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<(), TokenErrorKind> {
    match set.choose(header.kid, header.algorithm) {
        Choice::Unknown => Err(TokenErrorKind::UnknownKey),
        Choice::Unsuitable => Err(TokenErrorKind::UnsuitableKey),
        Choice::Key(key) => {
            let verify = || key.verifies(token.signing_input, &token.signature);
            if telemetry::timed(header.algorithm.name(), verify) {
                Ok(())
            } else {
                Err(TokenErrorKind::InvalidSignature)
            }
        }
    }
}

/// Whether a newer set may know better: about a `kid` that this one does not name and, where the
/// token names none, about every token that it does not verify.
pub(super) fn is_open(verdict: Result<(), TokenErrorKind>, header: &Header<'_>) -> bool {
    match verdict {
        Ok(()) => false,
        Err(TokenErrorKind::UnknownKey) => true,
        Err(_) => header.kid.is_none(),
    }
}

#[cfg(test)]
mod wycheproof;
