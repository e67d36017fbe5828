//! What a key set says to a token.

use crate::error::RefusalKind;
use crate::keys::{Choice, KeySet, PublishedKey};
use crate::telemetry;
use crate::token::{Compact, Header};

/// The one key of the set that the token names, if that key made the signature.
pub(super) fn verdict<'a>(
    set: &'a KeySet,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<&'a PublishedKey, RefusalKind> {
    match set.choose(header.kid, header.algorithm) {
        Choice::Unknown => Err(RefusalKind::UnknownKey),
        Choice::Unsuitable => Err(RefusalKind::UnsuitableKey),
        Choice::Key(key) => {
            let verify = || key.verifies(token.signing_input, &token.signature);
            if telemetry::timed(header.algorithm.name(), verify) {
                Ok(key)
            } else {
                Err(RefusalKind::InvalidSignature)
            }
        }
    }
}

/// Whether a newer set may know better: about a `kid` that this one does not name and, where the
/// token names none, about every token that it does not verify.
pub(super) fn is_open(verdict: Result<&PublishedKey, RefusalKind>, header: &Header<'_>) -> bool {
    match verdict {
        Ok(_) => false,
        Err(RefusalKind::UnknownKey) => true,
        Err(_) => header.kid.is_none(),
    }
}

#[cfg(test)]
mod wycheproof;
