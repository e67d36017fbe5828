//! Registered claims of a token, such as `exp`. Each registered claim must have the type that its
//! RFC demands.

use std::time::{Duration, SystemTime};

use super::claim_positions::ClaimPositions;
use super::dialect::Dialect;
use crate::error::Fault;
use crate::json::{Array, Document, Item, Position};
use crate::possession::Binding;

/// Claims that every decision on a request needs.
#[derive(Debug, PartialEq)]
pub(crate) struct Registered {
    /// Position of the audience. `None` only for an answer of introspection without an audience, if
    /// the configuration accepts such answers.
    audience: Option<Position>,
    /// The time in `exp`. `None` only for an answer of introspection without `exp`.
    pub(crate) expires_at: Option<SystemTime>,
    pub(crate) not_before: Option<SystemTime>,
    pub(crate) issued_at: Option<SystemTime>,
    /// The keys to which the token is bound. Boxed, because few tokens are bound.
    pub(crate) binding: Option<Box<Binding>>,
}

impl Registered {
    /// Reads the claims of a JWT, which must have an audience and `exp`.
    pub(crate) fn read(
        claims: &Document,
        positions: &ClaimPositions,
        dialect: &Dialect,
    ) -> Result<Self, Fault> {
        check_strings(claims, positions)?;
        let audience = audience(claims, positions, dialect)?;
        let times = Self::read_partial(claims, positions)?;
        if times.expires_at.is_none() {
            return Err(Fault::ExpMissing);
        }
        Ok(Self { audience: Some(audience), ..times })
    }

    /// Reads the claims of an answer of introspection, which need not have `exp` (RFC 7662 section
    /// 2.2). If `is_for_client` is true, it need not have an audience either.
    pub(crate) fn read_answer(
        claims: &Document,
        positions: &ClaimPositions,
        dialect: &Dialect,
        is_for_client: bool,
    ) -> Result<Self, Fault> {
        check_strings(claims, positions)?;
        let audience = match audience(claims, positions, dialect) {
            Err(Fault::AudMissing | Fault::AudienceClaimMissing) if is_for_client => None,
            audience => Some(audience?),
        };
        Ok(Self { audience, ..Self::read_partial(claims, positions)? })
    }

    /// Reads the claims of a JWT that another document completes. Each claim may be missing.
    pub(crate) fn read_partial(
        claims: &Document,
        positions: &ClaimPositions,
    ) -> Result<Self, Fault> {
        Ok(Self {
            audience: positions.aud,
            expires_at: time(claims, positions.exp, Fault::ExpNotTime)?,
            not_before: time(claims, positions.nbf, Fault::NbfNotTime)?,
            issued_at: time(claims, positions.iat, Fault::IatNotTime)?,
            binding: binding(claims, positions)?,
        })
    }

    /// Returns the audience of a token that has exactly one.
    pub(crate) fn only_audience<'a>(&self, claims: &'a Document) -> Option<&'a str> {
        let mut audiences = self.audiences(claims);
        audiences.next().filter(|_| audiences.next().is_none())
    }

    /// Returns the audiences of the token. The argument `claims` must be the same document that was
    /// passed to `read`.
    pub(crate) fn audiences<'a>(&self, claims: &'a Document) -> impl Iterator<Item = &'a str> {
        let claim = self.audience.map(|audience| claims.at(audience));
        let array = claim.and_then(Item::as_array);
        let several = array.into_iter().flat_map(Array::items).filter_map(Item::as_str);
        claim.and_then(Item::as_str).into_iter().chain(several)
    }

    /// Returns false for an answer of introspection without an audience.
    pub(crate) fn has_audience(&self) -> bool {
        self.audience.is_some()
    }
}

fn check_strings(claims: &Document, positions: &ClaimPositions) -> Result<(), Fault> {
    for (claim, fault) in [
        (positions.sub, Fault::SubNotString),
        (positions.jti, Fault::JtiNotString),
        (positions.client_id, Fault::ClientIdNotString),
    ] {
        string(claims, claim, fault)?;
    }
    Ok(())
}

/// Returns the position of the claim with the audience. An `aud` that is in the token is always the
/// audience (RFC 7519 section 4.1.3). In a token without `aud`, the configured `audience_claim` is
/// used instead.
fn audience(
    claims: &Document,
    positions: &ClaimPositions,
    dialect: &Dialect,
) -> Result<Position, Fault> {
    if let Some(aud) = positions.aud {
        return if is_audience(claims.at(aud)) { Ok(aud) } else { Err(Fault::AudMalformed) };
    }
    let name = dialect.audience.as_deref().ok_or(Fault::AudMissing)?;
    match claims.root().position(name) {
        Some(claim) if is_audience(claims.at(claim)) => Ok(claim),
        Some(claim) if !matches!(claims.at(claim), Item::Null) => {
            Err(Fault::AudienceClaimMalformed)
        }
        _ => Err(Fault::AudienceClaimMissing),
    }
}

fn binding(claims: &Document, positions: &ClaimPositions) -> Result<Option<Box<Binding>>, Fault> {
    positions.cnf.map(|cnf| Binding::read(claims.at(cnf)).map(Box::new)).transpose()
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

/// Returns true if the claim is a string or an array of strings (RFC 7519 section 4.1.3). A token
/// with an empty array is for no audience.
fn is_audience(claim: Item<'_>) -> bool {
    match claim {
        Item::String(_) => true,
        Item::Array(values) => values.items().all(|item| item.as_str().is_some()),
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
    claim.map(|claim| numeric_date(claims.at(claim)).ok_or(fault)).transpose()
}

/// Returns the time of a `NumericDate`. Returns `None` for a value of another type, and for a time
/// that `SystemTime` cannot represent.
pub(crate) fn numeric_date(value: Item<'_>) -> Option<SystemTime> {
    let Item::Number(number) = value else { return None };
    let seconds = number.as_f64();
    let distance = Duration::try_from_secs_f64(seconds.abs()).ok()?;
    if seconds < 0.0 {
        SystemTime::UNIX_EPOCH.checked_sub(distance)
    } else {
        SystemTime::UNIX_EPOCH.checked_add(distance)
    }
}
