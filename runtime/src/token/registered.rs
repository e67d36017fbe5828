//! The registered claims: found in one pass over all, each of the type its RFC gives it.

use std::time::{Duration, SystemTime};

use super::provider::Dialect;
use crate::error::RefusalKind::{self, MalformedClaim, MissingClaim};
use crate::json::{Array, Document, Item, Position};

/// Where the claims are that decisions look for, by their names in RFC 7519 section 4.1, RFC 7800
/// section 3.1 and RFC 9068 section 2.2.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct ClaimPositions {
    pub(crate) iss: Option<Position>,
    pub(crate) sub: Option<Position>,
    pub(crate) exp: Option<Position>,
    pub(crate) nbf: Option<Position>,
    pub(crate) iat: Option<Position>,
    pub(crate) jti: Option<Position>,
    pub(crate) client_id: Option<Position>,
    pub(crate) cnf: Option<Position>,
    scope: Option<Position>,
    scp: Option<Position>,
    /// A claim that only other kinds of JWT have, whatever their `typ` says: logout tokens and
    /// security events (RFC 8417 section 2.2), ID tokens (OpenID Connect Core section 3.3.2.11).
    pub(crate) of_another_kind: bool,
}

impl ClaimPositions {
    pub(crate) fn of(claims: &Document) -> Self {
        let mut found = Self::default();
        for (name, position) in claims.root().positions() {
            let place = match name {
                "iss" => &mut found.iss,
                "sub" => &mut found.sub,
                "exp" => &mut found.exp,
                "nbf" => &mut found.nbf,
                "iat" => &mut found.iat,
                "jti" => &mut found.jti,
                "client_id" => &mut found.client_id,
                "cnf" => &mut found.cnf,
                "scope" => &mut found.scope,
                "scp" => &mut found.scp,
                "events" | "at_hash" | "c_hash" => {
                    found.of_another_kind = true;
                    continue;
                }
                _ => continue,
            };
            *place = Some(position);
        }
        found
    }

    /// `scope`, or `scp` where there is no `scope`; never the union of both, since only one of them
    /// is the issuer's word for it.
    pub(crate) fn scopes(&self) -> Option<Position> {
        self.scope.or(self.scp)
    }
}

/// The claims that every decision needs.
#[derive(Debug, PartialEq)]
pub(crate) struct Registered {
    audience: Position,
    pub(crate) expires_at: SystemTime,
    pub(crate) not_before: Option<SystemTime>,
    pub(crate) issued_at: Option<SystemTime>,
}

impl Registered {
    pub(crate) fn read(
        claims: &Document,
        found: &ClaimPositions,
        dialect: &Dialect,
    ) -> Result<Self, RefusalKind> {
        for claim in [found.sub, found.jti, found.client_id] {
            string(claims, claim)?;
        }
        let audience = claims.root().position(dialect.audience);
        let audience = audience.ok_or(MissingClaim)?;
        if !is_audience(claims.at(audience)) {
            return Err(MalformedClaim);
        }
        Ok(Self {
            audience,
            expires_at: time(claims, found.exp)?.ok_or(MissingClaim)?,
            not_before: time(claims, found.nbf)?,
            issued_at: time(claims, found.iat)?,
        })
    }

    /// Whom the token is meant for, in the claims that this was read from.
    pub(crate) fn audiences<'a>(&self, claims: &'a Document) -> impl Iterator<Item = &'a str> {
        let claim = claims.at(self.audience);
        let several = claim.as_array().into_iter().flat_map(Array::items);
        let several = several.filter_map(Item::as_str);
        claim.as_str().into_iter().chain(several)
    }
}

/// A claim that is a string where it is there at all.
pub(crate) fn string(
    claims: &Document,
    claim: Option<Position>,
) -> Result<Option<&str>, RefusalKind> {
    match claim.map(|claim| claims.at(claim)) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(MalformedClaim),
    }
}

/// A string or an array of strings (RFC 7519 section 4.1.3), and not empty: a token for nobody is
/// not for us.
fn is_audience(claim: Item<'_>) -> bool {
    match claim {
        Item::String(_) => true,
        Item::Array(values) => {
            let mut values = values.items().peekable();
            values.peek().is_some() && values.all(|value| value.as_str().is_some())
        }
        _ => false,
    }
}

/// A `NumericDate`: seconds, perhaps with a fraction (RFC 7519 section 2). What no clock can show
/// is malformed rather than far away.
fn time(claims: &Document, claim: Option<Position>) -> Result<Option<SystemTime>, RefusalKind> {
    let seconds = match claim.map(|claim| claims.at(claim)) {
        None => return Ok(None),
        Some(Item::Number(number)) => number.as_f64(),
        Some(_) => return Err(MalformedClaim),
    };
    let distance = Duration::try_from_secs_f64(seconds.abs()).map_err(|_| MalformedClaim)?;
    let time = if seconds < 0.0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    time.map(Some).ok_or(MalformedClaim)
}
