//! Distinguishes access tokens from the other tokens of an issuer, which are signed with the same
//! keys (RFC 8725 section 3.11).
//!
//! The rules are a table. The first row that applies decides:
//!
//! | row | a token with | is | tried on |
//! |---|---|---|---|
//! | 0 | `events`, `token_introspection` or `c_hash` | refused | logout tokens, answers of introspection, ID tokens of Zitadel |
//! | 1 | the claim that marks access tokens of the issuer | accepted; refused without it | Keycloak: `typ` `Bearer` or `DPoP` against `ID`, `Refresh`; Cognito: `token_use` `access` against `id` |
//! | 2 | header `typ` `at+jwt`; `typ` `Bearer`, `DPoP`; `token_use` `access`; `token_type` `Bearer`, `DPoP`, `access_token` | accepted | oidc-provider and Better Auth (`at+jwt`); Keycloak with another provider, also with the `nonce` of its mapper |
//! | 3 | `token_use`, `token_type` or `typ` that names another kind | refused | ID, refresh, offline and logout tokens of Keycloak; ID tokens of Cognito; refresh tokens of other products |
//! | 4 | `at_hash`, unless access tokens of the issuer have it | refused | ID tokens of Keycloak, Hydra, Zitadel; access tokens of Dex have it |
//! | 5 | `nonce`, one audience, no scopes, and `azp` equal to the audience or no client | refused | ID tokens of Spring and Clerk-like products (`azp`), of oidc-provider (no client) |
//! | 6 | `azp` equal to the only audience | accepted, with a warning | access tokens whose API is their client: Keycloak, FusionAuth, Spring |
//! | | all others | accepted | access tokens of Spring, Hydra, Zitadel, Canaille, AD FS |

use super::claim_positions::ClaimPositions;
use super::dialect::Dialect;
use super::profile::Profile;
use super::registered::Registered;
use crate::error::Fault;
use crate::json::{Document, Position};

/// The kind of an accepted token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The token has no claim of another kind of token.
    AccessToken,
    /// The token may be an ID token: its only audience is the client that it was issued to.
    Ambiguous,
}

/// Values with which a token says that it is not an access token.
const OTHER_KINDS: [&str; 7] =
    ["id", "id_token", "refresh", "refresh_token", "offline", "logout", "logout_token"];

/// Applies the table to an answer of introspection. Issuers say of refresh tokens too that they are
/// active, and `token_type` of an answer is often `Bearer` for each kind. Row 3 is therefore judged
/// before row 2. `jwt` is the strictest profile that accepts the header of the token, if the token is
/// a JWT.
pub(super) fn judge_answer(
    claims: &Document,
    found: &ClaimPositions,
    registered: &Registered,
    jwt: Option<Profile>,
    dialect: &Dialect,
) -> Result<Kind, Fault> {
    if let Some(fault) = other_kind(claims, found) {
        return Err(fault);
    }
    judge(claims, found, registered, jwt.unwrap_or(Profile::Jwt), dialect)
}

/// Applies the table. `typ` is the strictest profile that accepts the header.
pub(super) fn judge(
    claims: &Document,
    found: &ClaimPositions,
    registered: &Registered,
    typ: Profile,
    dialect: &Dialect,
) -> Result<Kind, Fault> {
    if let Some(fault) = foreign(found) {
        return Err(fault);
    }
    if let Some(has_mark) = dialect.has_mark(claims.root()) {
        return if has_mark { Ok(Kind::AccessToken) } else { Err(Fault::MarkMissing) };
    }
    if typ == Profile::Rfc9068 || says_access_token(claims, found) {
        return Ok(Kind::AccessToken);
    }
    if let Some(fault) = other_kind(claims, found) {
        return Err(fault);
    }
    if found.at_hash.is_some() && !dialect.has_at_hash {
        return Err(Fault::HasAtHash);
    }
    let only_audience = found.aud.and_then(|_| registered.only_audience(claims));
    let is_for_its_client = only_audience.is_some() && text(claims, found.azp) == only_audience;
    let has_no_client =
        found.azp.is_none() && found.client_id.is_none() && dialect.client(claims.root()).is_none();
    if found.nonce.is_some()
        && only_audience.is_some()
        && (is_for_its_client || has_no_client)
        && !has_scopes(claims, found, dialect)
    {
        return Err(Fault::HasNonce);
    }
    Ok(if is_for_its_client { Kind::Ambiguous } else { Kind::AccessToken })
}

/// Returns the fault of a token with a claim that no access token has: `events` (RFC 8417 section
/// 2.2), `token_introspection` (RFC 9701 section 5) or `c_hash` (OpenID Connect Core section
/// 3.3.2.11).
fn foreign(found: &ClaimPositions) -> Option<Fault> {
    [
        (found.events, Fault::HasEvents),
        (found.token_introspection, Fault::HasIntrospection),
        (found.c_hash, Fault::HasCHash),
    ]
    .into_iter()
    .find_map(|(claim, fault)| claim.map(|_| fault))
}

/// Returns true if a claim says that the token is an access token.
fn says_access_token(claims: &Document, found: &ClaimPositions) -> bool {
    [
        (found.typ, "Bearer"),
        (found.typ, "DPoP"),
        (found.token_use, "access"),
        (found.token_type, "Bearer"),
        (found.token_type, "DPoP"),
        (found.token_type, "access_token"),
    ]
    .into_iter()
    .any(|(claim, value)| is(claims, claim, value))
}

/// Returns the fault of a token with a claim that names another kind of token.
fn other_kind(claims: &Document, found: &ClaimPositions) -> Option<Fault> {
    [
        (found.token_use, Fault::OtherTokenUse),
        (found.token_type, Fault::OtherTokenType),
        (found.typ, Fault::OtherTyp),
    ]
    .into_iter()
    .find(|(claim, _)| OTHER_KINDS.into_iter().any(|kind| is(claims, *claim, kind)))
    .map(|(_, fault)| fault)
}

fn is(claims: &Document, claim: Option<Position>, value: &str) -> bool {
    text(claims, claim).is_some_and(|text| text.eq_ignore_ascii_case(value))
}

fn text(claims: &Document, claim: Option<Position>) -> Option<&str> {
    claims.at(claim?).as_str()
}

fn has_scopes(claims: &Document, found: &ClaimPositions, dialect: &Dialect) -> bool {
    let configured = dialect.scopes(claims);
    found.scopes().is_some() || configured.is_some_and(|mut claims| claims.next().is_some())
}

#[cfg(test)]
mod tests;
