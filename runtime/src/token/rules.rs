//! What one issuer's tokens must satisfy besides the signature: pure rules over claims and time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::provider::Dialect;
use super::registered::{ClaimPositions, Registered};
use crate::error::RefusalKind::{
    self, BoundToken, Expired, MissingClaim, NotYetValid, WrongAudience, WrongType,
};
use crate::json::{Document, Item, Position};

/// How far ahead an `iat` may lie: clocks differ, and beyond a minute it is no difference of
/// clocks (FAPI 2.0 Security Profile section 5.3.2.1).
const IAT_AHEAD: Duration = Duration::from_secs(60);

/// Which tokens count as access tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Any JWT that does not say to be something else: most issuers write `JWT` or nothing.
    Jwt,
    /// RFC 9068 to the letter.
    Rfc9068,
}

impl Profile {
    /// RFC 9068 section 4; a media type, so without regard to case, and `application/` may be left
    /// out (RFC 7515 section 4.1.9).
    pub(crate) fn accepts_type(self, typ: Option<&str>) -> bool {
        match (typ, self) {
            (Some(typ), Self::Rfc9068) => is_media_type(typ, "at+jwt"),
            (Some(typ), Self::Jwt) => is_media_type(typ, "at+jwt") || is_media_type(typ, "jwt"),
            (None, profile) => profile == Self::Jwt,
        }
    }

    /// Of a type that one of them accepts.
    pub(crate) fn strictest(typ: Option<&str>) -> Self {
        if Self::Rfc9068.accepts_type(typ) { Self::Rfc9068 } else { Self::Jwt }
    }

    /// Whether it accepts every type that the other one does not refuse.
    pub(crate) fn accepts_all_of(self, other: Self) -> bool {
        self == Self::Jwt || self == other
    }
}

pub(crate) fn is_media_type(text: &str, subtype: &str) -> bool {
    let subtype_of = |(kind, rest)| "application".eq_ignore_ascii_case(kind).then_some(rest);
    let stated = match text.split_once('/') {
        Some(parts) => subtype_of(parts),
        None => Some(text),
    };
    stated.is_some_and(|stated| stated.eq_ignore_ascii_case(subtype))
}

/// One issuer's rules.
#[derive(Debug)]
pub(crate) struct Rules {
    /// What policies call the issuer.
    pub(crate) issuer_name: Option<Arc<str>>,
    pub(crate) audiences: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) dialect: &'static Dialect,
    pub(crate) leeway: Duration,
}

impl Rules {
    /// Everything but the signature. The issuer is matched before, when these rules are chosen.
    pub(crate) fn check(
        &self,
        claims: &Document,
        found: &ClaimPositions,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), RefusalKind> {
        // A token bound to a key is worth nothing without proof of the key. Unknown kinds of
        // binding too: ignoring them, as RFC 7800 section 3.1 allows, would be a downgrade.
        if found.cnf.is_some() {
            return Err(BoundToken);
        }
        if found.of_another_kind || !self.dialect.is_access_token(claims.root()) {
            return Err(WrongType);
        }
        if self.profile == Profile::Rfc9068 {
            demand_rfc9068(claims, found)?;
        }
        self.check_now(claims, registered, now)
    }

    /// What must hold on every request, also of a token that was verified before.
    pub(crate) fn check_now(
        &self,
        claims: &Document,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), RefusalKind> {
        if self.audiences_of(claims, registered).next().is_none() {
            return Err(WrongAudience);
        }
        self.check_time(registered, now)
    }

    /// Ours among those that the token names: roles granted at other APIs are none here.
    pub(crate) fn audiences_of<'a>(
        &self,
        claims: &'a Document,
        registered: &Registered,
    ) -> impl Iterator<Item = &'a str> {
        let is_ours = |named: &&str| self.audiences.iter().any(|ours| ours == named);
        registered.audiences(claims).filter(is_ours)
    }

    /// `exp` is exclusive, `nbf` inclusive (RFC 7519 sections 4.1.4 and 4.1.5).
    pub(crate) fn check_time(
        &self,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), RefusalKind> {
        // Most tokens need no leeway, and comparisons are all that they cost.
        let is_past = |time: Option<SystemTime>| time.is_none_or(|time| time <= now);
        let is_within = is_past(registered.not_before) && is_past(registered.issued_at);
        if is_within && now < registered.expires_at {
            return Ok(());
        }
        let ago = |duration| now.checked_sub(duration).unwrap_or(SystemTime::UNIX_EPOCH);
        let ahead = |time: SystemTime, by| time.duration_since(now).is_ok_and(|left| left > by);
        if registered.expires_at <= ago(self.leeway) {
            return Err(Expired);
        }
        let early = registered.not_before.is_some_and(|time| ahead(time, self.leeway));
        let future = registered.issued_at.is_some_and(|time| ahead(time, IAT_AHEAD));
        if early || future {
            return Err(NotYetValid);
        }
        Ok(())
    }
}

/// RFC 9068 section 2.2; `iss`, `aud` and `exp` are demanded of every token.
fn demand_rfc9068(claims: &Document, found: &ClaimPositions) -> Result<(), RefusalKind> {
    let is_present = |claim: Option<Position>| {
        claim.is_some_and(|claim| !matches!(claims.at(claim), Item::Null))
    };
    let demanded = [found.sub, found.client_id, found.iat, found.jti];
    if demanded.into_iter().all(is_present) { Ok(()) } else { Err(MissingClaim) }
}
