//! Claims that the JWT profile for access tokens requires (RFC 9068 section 2.2).

use super::claim_positions::ClaimPositions;
use crate::error::Fault;
use crate::json::{Document, Item};

/// Requires the claims of RFC 9068 section 2.2, except `iss` and `exp`, which other code requires
/// in every token. Other code has checked the types of the claims, except `scope`.
pub(super) fn require_rfc9068(claims: &Document, positions: &ClaimPositions) -> Result<(), Fault> {
    positions.aud.ok_or(Fault::ProfileAudMissing)?;
    positions.iat.ok_or(Fault::ProfileIatMissing)?;
    for (claim, missing, empty) in [
        (positions.sub, Fault::ProfileSubMissing, Fault::ProfileSubEmpty),
        (positions.client_id, Fault::ProfileClientIdMissing, Fault::ProfileClientIdEmpty),
        (positions.jti, Fault::ProfileJtiMissing, Fault::ProfileJtiEmpty),
    ] {
        if claims.at(claim.ok_or(missing)?).as_str() == Some("") {
            return Err(empty);
        }
    }
    // RFC 9068 section 2.2.3 with RFC 8693 section 4.2: one string of scopes, separated by spaces.
    if positions.scope.is_some_and(|scope| !matches!(claims.at(scope), Item::String(_))) {
        return Err(Fault::ProfileScopeNotString);
    }
    if positions.scp.is_some() {
        return Err(Fault::ProfileScp);
    }
    Ok(())
}
