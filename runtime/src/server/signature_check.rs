//! Verifies the signature of a token with a key set.

use crate::error::RefusalKind;
use crate::keys::{Choice, KeySet, PublishedKey};
use crate::telemetry;
use crate::token::{Compact, Header};

/// Verifies the token's signature with the key of the set that the token's header selects, and
/// returns that key.
pub(super) fn check_signature<'a>(
    set: &'a KeySet,
    header: &Header<'_>,
    token: &Compact<'_>,
) -> Result<&'a PublishedKey, RefusalKind> {
    match set.choose(header.kid, header.algorithm) {
        Choice::Unknown => Err(RefusalKind::UnknownKey),
        Choice::Unsuitable => Err(RefusalKind::UnsuitableKey),
        Choice::Key(key) => {
            let is_valid = telemetry::timed(header.algorithm.name(), || {
                key.verifies(token.signing_input, &token.signature)
            });
            if is_valid { Ok(key) } else { Err(RefusalKind::InvalidSignature) }
        }
    }
}

/// Returns true if a request must wait for a newer key set: if the set has no key with the token's
/// `kid`, or if the token has no `kid`, and no key of the set verifies the token. A key without a
/// `kid` may fail to verify a token whose key the issuer has published since.
pub(super) fn is_provisional(
    set: &KeySet,
    result: Result<&PublishedKey, RefusalKind>,
    header: &Header<'_>,
) -> bool {
    result.is_err() && header.kid.is_none_or(|kid| !set.has_kid(kid))
}

#[cfg(test)]
mod wycheproof;
