//! Rules that the tokens of one issuer must satisfy in addition to a valid signature. Each check is
//! a pure function of the claims and the time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::provider::Dialect;
use super::registered::{ClaimPositions, Registered};
use crate::error::Fault;
use crate::json::{Document, Item};

/// Longest time by which the `iat` of an accepted token may be in the future, because clocks differ
/// (FAPI 2.0 Security Profile section 5.3.2.1).
const IAT_LEEWAY: Duration = Duration::from_secs(60);

/// Types of JWT that the server accepts as access tokens of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Accepts the `typ` `at+jwt`, the `typ` `JWT` and a token without `typ`. Most issuers write
    /// `JWT` or no `typ`.
    Jwt,
    /// Accepts only the `typ` `at+jwt`, and requires the claims of RFC 9068.
    Rfc9068,
}

impl Profile {
    /// Returns true if the profile accepts this `typ` (RFC 9068 section 4). The `typ` is a media
    /// type: it is case-insensitive, and `application/` may be omitted (RFC 7515 section 4.1.9).
    pub(crate) fn accepts_type(self, typ: Option<&str>) -> bool {
        match (typ, self) {
            (Some(typ), Self::Rfc9068) => is_media_type(typ, "at+jwt"),
            (Some(typ), Self::Jwt) => is_media_type(typ, "at+jwt") || is_media_type(typ, "jwt"),
            (None, profile) => profile == Self::Jwt,
        }
    }

    /// Returns the strictest profile that accepts this `typ`. The caller has checked that at least
    /// one of the profiles accepts the `typ`.
    pub(crate) fn strictest(typ: Option<&str>) -> Self {
        if Self::Rfc9068.accepts_type(typ) { Self::Rfc9068 } else { Self::Jwt }
    }

    /// Returns true if this profile accepts every `typ` that `other` accepts.
    pub(crate) fn accepts_all_of(self, other: Self) -> bool {
        self == Self::Jwt || self == other
    }
}

/// Returns true if the text is the media type `application/` with this subtype.
pub(crate) fn is_media_type(text: &str, subtype: &str) -> bool {
    let (kind, actual) = text.split_once('/').unwrap_or(("application", text));
    kind.eq_ignore_ascii_case("application") && actual.eq_ignore_ascii_case(subtype)
}

/// Rules that the tokens of one issuer must satisfy.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Configured name of the issuer, by which policies refer to the issuer.
    pub(crate) issuer_name: Option<Arc<str>>,
    pub(crate) audiences: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) dialect: &'static Dialect,
    pub(crate) leeway: Duration,
}

impl Rules {
    /// Checks the claims of a token against these rules. The caller checks the signature, and has
    /// already compared the issuer to choose these rules.
    pub(crate) fn check(
        &self,
        claims: &Document,
        positions: &ClaimPositions,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), Fault> {
        // A client must prove possession of the key to which a token is bound, so a bound token is
        // not a bearer token. The server also refuses a token with an unknown kind of binding. RFC
        // 7800 section 3.1 allows ignoring an unknown kind, but this would be a downgrade.
        if positions.cnf.is_some() {
            return Err(Fault::Bound);
        }
        if positions.is_other_kind || !self.dialect.is_access_token(claims.root()) {
            return Err(Fault::OtherKind);
        }
        if self.profile == Profile::Rfc9068 {
            require_rfc9068(claims, positions)?;
        }
        self.check_now(claims, registered, now)
    }

    /// Checks the audience and the lifetime. The server makes these checks for every request, even
    /// if the token is in the cache of verified tokens.
    pub(crate) fn check_now(
        &self,
        claims: &Document,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), Fault> {
        if self.audiences_of(claims, registered).next().is_none() {
            return Err(Fault::AudOther);
        }
        self.check_time(registered, now)
    }

    /// Returns the audiences of the token that are configured for this API. Callers ignore roles
    /// that the token has for other audiences.
    pub(crate) fn audiences_of<'a>(
        &self,
        claims: &'a Document,
        registered: &Registered,
    ) -> impl Iterator<Item = &'a str> {
        registered
            .audiences(claims)
            .filter(|named| self.audiences.iter().any(|configured| configured == named))
    }

    /// Checks `exp`, `nbf` and `iat`. A token is invalid at the time `exp` and valid at the time
    /// `nbf` (RFC 7519 sections 4.1.4 and 4.1.5).
    pub(crate) fn check_time(
        &self,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), Fault> {
        // Fast path, since most tokens are valid without the leeway.
        let is_past = |time: Option<SystemTime>| time.is_none_or(|time| time <= now);
        let is_within = is_past(registered.not_before) && is_past(registered.issued_at);
        if is_within && now < registered.expires_at {
            return Ok(());
        }
        let ahead = |time: SystemTime, by| time.duration_since(now).is_ok_and(|left| left > by);
        if registered.expires_at <= now.checked_sub(self.leeway).unwrap_or(SystemTime::UNIX_EPOCH) {
            return Err(Fault::ExpPassed);
        }
        if registered.not_before.is_some_and(|time| ahead(time, self.leeway)) {
            return Err(Fault::NbfAhead);
        }
        if registered.issued_at.is_some_and(|time| ahead(time, IAT_LEEWAY)) {
            return Err(Fault::IatAhead);
        }
        Ok(())
    }
}

/// Requires the claims of RFC 9068 section 2.2, except `iss`, `aud` and `exp`. Other code requires
/// these three claims in every token.
fn require_rfc9068(claims: &Document, positions: &ClaimPositions) -> Result<(), Fault> {
    let is_complete = [positions.sub, positions.client_id, positions.iat, positions.jti]
        .into_iter()
        .all(|claim| claim.is_some_and(|claim| !matches!(claims.at(claim), Item::Null)));
    if is_complete { Ok(()) } else { Err(Fault::ProfileClaimMissing) }
}
