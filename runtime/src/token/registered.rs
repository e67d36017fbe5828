//! Registered claims of a token, such as `exp`. One pass over the token's claims locates the
//! registered claims. Each registered claim must have the type that its RFC demands.

use std::time::{Duration, SystemTime};

use super::provider::Dialect;
use crate::error::Fault;
use crate::json::{Array, Document, Item, Position};

/// Positions of the claims that a decision on a request needs. The fields have the names of the
/// claims in RFC 7519 section 4.1, RFC 7800 section 3.1 and RFC 9068 section 2.2.
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
    /// True if the token, regardless of its `typ`, has a claim that shows that the token is not an
    /// access token. Logout tokens and security events have the claim `events` (RFC 8417 section
    /// 2.2). ID tokens have the claims `at_hash` and `c_hash` (OpenID Connect Core section
    /// 3.3.2.11).
    pub(crate) is_other_kind: bool,
}

impl ClaimPositions {
    pub(crate) fn of(claims: &Document) -> Self {
        let mut positions = Self::default();
        for (name, position) in claims.root().positions() {
            let place = match name {
                "iss" => &mut positions.iss,
                "sub" => &mut positions.sub,
                "exp" => &mut positions.exp,
                "nbf" => &mut positions.nbf,
                "iat" => &mut positions.iat,
                "jti" => &mut positions.jti,
                "client_id" => &mut positions.client_id,
                "cnf" => &mut positions.cnf,
                "scope" => &mut positions.scope,
                "scp" => &mut positions.scp,
                "events" | "at_hash" | "c_hash" => {
                    positions.is_other_kind = true;
                    continue;
                }
                _ => continue,
            };
            *place = Some(position);
        }
        positions
    }

    /// Returns the position of the claim `scope`, or of the claim `scp` if there is no `scope`. If
    /// a token has both claims, `scp` is ignored, because an issuer uses only one of the two for
    /// scopes.
    pub(crate) fn scopes(&self) -> Option<Position> {
        self.scope.or(self.scp)
    }
}

/// Claims that every decision on a request needs.
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
        positions: &ClaimPositions,
        dialect: &Dialect,
    ) -> Result<Self, Fault> {
        for (claim, fault) in [
            (positions.sub, Fault::SubNotString),
            (positions.jti, Fault::JtiNotString),
            (positions.client_id, Fault::ClientIdNotString),
        ] {
            string(claims, claim, fault)?;
        }
        let audience = claims.root().position(dialect.audience).ok_or(Fault::AudMissing)?;
        if !is_audience(claims.at(audience)) {
            return Err(Fault::AudMalformed);
        }
        Ok(Self {
            audience,
            expires_at: time(claims, positions.exp, Fault::ExpNotTime)?
                .ok_or(Fault::ExpMissing)?,
            not_before: time(claims, positions.nbf, Fault::NbfNotTime)?,
            issued_at: time(claims, positions.iat, Fault::IatNotTime)?,
        })
    }

    /// Returns the audiences of the token. The argument `claims` must be the same document that was
    /// passed to `read`.
    pub(crate) fn audiences<'a>(&self, claims: &'a Document) -> impl Iterator<Item = &'a str> {
        let claim = claims.at(self.audience);
        let several = claim.as_array().into_iter().flat_map(Array::items).filter_map(Item::as_str);
        claim.as_str().into_iter().chain(several)
    }
}

/// Reads an optional claim that must be a string. Returns `fault` for a value of another type.
pub(crate) fn string(
    claims: &Document,
    claim: Option<Position>,
    fault: Fault,
) -> Result<Option<&str>, Fault> {
    match claim.map(|claim| claims.at(claim)) {
        None => Ok(None),
        Some(Item::String(text)) => Ok(Some(text)),
        Some(_) => Err(fault),
    }
}

/// Returns true if the claim is a string or a non-empty array of strings (RFC 7519 section 4.1.3).
fn is_audience(claim: Item<'_>) -> bool {
    match claim {
        Item::String(_) => true,
        Item::Array(values) => {
            let mut items = values.items().peekable();
            items.peek().is_some() && items.all(|item| item.as_str().is_some())
        }
        _ => false,
    }
}

/// Reads a `NumericDate`: seconds since 1970, possibly with a fraction (RFC 7519 section 2).
/// Returns `fault` for a value of another type, and for a time that `SystemTime` cannot represent.
fn time(
    claims: &Document,
    claim: Option<Position>,
    fault: Fault,
) -> Result<Option<SystemTime>, Fault> {
    let seconds = match claim.map(|claim| claims.at(claim)) {
        None => return Ok(None),
        Some(Item::Number(number)) => number.as_f64(),
        Some(_) => return Err(fault),
    };
    let distance = Duration::try_from_secs_f64(seconds.abs()).map_err(|_| fault)?;
    let time = if seconds < 0.0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    };
    time.map(Some).ok_or(fault)
}
