//! Rules that the tokens of one issuer must satisfy in addition to a valid signature. Each check is
//! a pure function of the claims and the time.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::claim_positions::ClaimPositions;
use super::dialect::Dialect;
use super::kind::{self, Kind};
use super::profile::Profile;
use super::profile_claims::require_rfc9068;
use super::registered::Registered;
use crate::error::Fault;
use crate::json::Document;
use crate::possession::{Binding, RequiredBinding};

/// Shortest leeway for `iat`, because clocks differ (FAPI 2.0 Security Profile section 5.3.2.1).
const IAT_LEEWAY: Duration = Duration::from_secs(60);

/// Rules that the tokens of one issuer must satisfy.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Configured name of the issuer, by which policies refer to the issuer.
    pub(crate) issuer_name: Option<Arc<str>>,
    pub(crate) audiences: Vec<String>,
    /// The URLs of this API, which authorization details may name as a location in place of an
    /// audience (RFC 9396 section 2.2).
    pub(crate) locations: Vec<String>,
    pub(crate) profile: Profile,
    pub(crate) dialect: Dialect,
    pub(crate) leeway: Duration,
    /// True if the server accepts tokens that are bound to the key of DPoP proofs.
    pub(crate) accepts_dpop: bool,
    pub(crate) required_binding: RequiredBinding,
}

impl Rules {
    /// Checks the claims of a token against these rules. `typ` is the strictest profile that accepts
    /// the header. The caller checks the signature, and has already compared the issuer to choose
    /// these rules.
    pub(crate) fn check(
        &self,
        claims: &Document,
        positions: &ClaimPositions,
        registered: &Registered,
        typ: Profile,
        now: SystemTime,
    ) -> Result<Kind, Fault> {
        self.check_binding(registered.binding.as_deref())?;
        let kind = kind::judge(claims, positions, registered, typ, &self.dialect)?;
        if self.profile == Profile::Rfc9068 {
            require_rfc9068(claims, positions)?;
        }
        self.check_now(claims, registered, now)?;
        Ok(kind)
    }

    /// Checks the rules for the claims that an answer of introspection gives. `jwt` is the profile of
    /// the token's header if the token is a JWT whose signature was verified.
    ///
    /// An answer needs no leeway for `exp`, because the issuer said with its own clock that the token
    /// is active. The profile of RFC 9068 is about JWTs, and does not concern other tokens.
    pub(crate) fn check_answer(
        &self,
        claims: &Document,
        positions: &ClaimPositions,
        registered: &Registered,
        jwt: Option<Profile>,
        now: SystemTime,
    ) -> Result<Kind, Fault> {
        self.check_binding(registered.binding.as_deref())?;
        let kind = kind::judge_answer(claims, positions, registered, jwt, &self.dialect)?;
        if self.profile == Profile::Rfc9068 && jwt.is_some() {
            require_rfc9068(claims, positions)?;
        }
        self.check_now(claims, registered, now)?;
        check_end(registered.expires_at, now)?;
        Ok(kind)
    }

    /// Checks a JWT about which the issuer must be asked before the question, so that the issuer is
    /// not asked about an expired token or a token of another kind. The answer may have claims that
    /// the token does not have, so a missing claim is not a fault, except `exp`.
    pub(crate) fn check_before_question(
        &self,
        claims: &Document,
        positions: &ClaimPositions,
        registered: &Registered,
        typ: Profile,
        now: SystemTime,
    ) -> Result<(), Fault> {
        if registered.expires_at.is_none() {
            return Err(Fault::ExpMissing);
        }
        kind::judge(claims, positions, registered, typ, &self.dialect)?;
        self.check_time(registered, now)
    }

    /// Checks that the server supports the binding of a token to a key, and that the token is bound
    /// as the configuration demands. The proof of possession is judged with the request.
    fn check_binding(&self, binding: Option<&Binding>) -> Result<(), Fault> {
        if binding.is_some_and(|binding| binding.jkt.is_some()) && !self.accepts_dpop {
            return Err(Fault::Bound);
        }
        if self.required_binding.is_satisfied_by(binding) {
            Ok(())
        } else {
            Err(Fault::BindingMissing)
        }
    }

    /// Returns the longest time by which the `iat` of an accepted token may be in the future.
    pub(super) fn iat_leeway(&self) -> Duration {
        self.leeway.max(IAT_LEEWAY)
    }

    /// Checks the audience and the lifetime. The server makes these checks for every request, even
    /// if the token is in the cache of verified tokens.
    pub(crate) fn check_now(
        &self,
        claims: &Document,
        registered: &Registered,
        now: SystemTime,
    ) -> Result<(), Fault> {
        if self.audiences_of(claims, registered).next().is_none() && registered.has_audience() {
            let has_aud = claims.root().contains("aud");
            return Err(if has_aud { Fault::AudOther } else { Fault::AudienceClaimOther });
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

    /// Returns true if a location in authorization details is this API.
    pub(crate) fn is_own_location(&self, location: &str) -> bool {
        self.audiences.iter().chain(&self.locations).any(|own| own == location)
    }

    /// Checks `exp`, `nbf` and `iat`. A token is invalid at the time `exp` and valid at the time
    /// `nbf` (RFC 7519 sections 4.1.4 and 4.1.5).
    pub(crate) fn check_time(&self, registered: &Registered, now: SystemTime) -> Result<(), Fault> {
        // Fast path, since most tokens are valid without the leeway.
        let is_past = |time: Option<SystemTime>| time.is_none_or(|time| time <= now);
        let is_within = is_past(registered.not_before) && is_past(registered.issued_at);
        if is_within && registered.expires_at.is_none_or(|time| now < time) {
            return Ok(());
        }
        let ahead = |time: SystemTime, by| time.duration_since(now).is_ok_and(|left| left > by);
        let earliest = now.checked_sub(self.leeway).unwrap_or(SystemTime::UNIX_EPOCH);
        if registered.expires_at.is_some_and(|time| time <= earliest) {
            return Err(Fault::ExpPassed);
        }
        if registered.not_before.is_some_and(|time| ahead(time, self.leeway)) {
            return Err(Fault::NbfAhead);
        }
        if registered.issued_at.is_some_and(|time| ahead(time, self.iat_leeway())) {
            return Err(Fault::IatAhead);
        }
        Ok(())
    }
}

/// Checks that the time in `exp` of an answer has not passed. There is no leeway.
pub(crate) fn check_end(end: Option<SystemTime>, now: SystemTime) -> Result<(), Fault> {
    if end.is_some_and(|end| end <= now) { Err(Fault::ExpPassed) } else { Ok(()) }
}
