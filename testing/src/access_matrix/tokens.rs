//! Tokens that satisfy given demands.

use std::time::{Duration, SystemTime};

use serde_json::{Map, Value, json};

use super::possession::Possession;
use crate::{AuthorizationServer, TokenBuilder};
use axum_protected::__testing::{ClaimsVerdict, claims_for, issuer_name, verdict};
use axum_protected::Issuer;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::policy::{Demand, Requirement};

/// A client id and a subject that probably no policy names. The defaults of the token builder,
/// `development` and `alice`, are not used, because a policy may name them.
const NAME: &str = "access-matrix";

/// The time since an expired token has expired. It is longer than every leeway that a server can
/// have.
const EXPIRED: Duration = Duration::from_secs(3600);

/// The tokens of one issuer that the access matrix sends.
pub(super) struct Tokens {
    /// The builder of a token in the format of RFC 9068. All other tokens are copies with changes.
    base: TokenBuilder,
    issuer: Issuer,
    /// The server's name for the issuer, or `None` if it is not known.
    name: Option<String>,
    audience: String,
    now: SystemTime,
    possession: Possession,
    /// The text in the names of requests that tells this issuer from the first.
    label: Option<String>,
}

impl Tokens {
    /// Creates the tokens of the first issuer. `name` is the name of the issuer in the server, if it
    /// differs from the name in the issuer's settings.
    pub(super) fn of(
        issuer: &AuthorizationServer,
        name: Option<String>,
        audience: &str,
        possession: Possession,
    ) -> Self {
        let settings = issuer.settings().clone();
        Self {
            base: issuer
                .standard_token()
                .claim("client_id", NAME)
                .claim("aud", audience)
                .subject(NAME),
            name: name.or_else(|| issuer_name(&settings).map(str::to_owned)),
            issuer: settings,
            audience: audience.to_owned(),
            now: SystemClock.now(),
            possession,
            label: None,
        }
    }

    /// Creates the tokens of a further issuer.
    pub(super) fn of_partner(
        issuer: &AuthorizationServer,
        name: &str,
        audience: &str,
        possession: Possession,
    ) -> Self {
        let label = Some(format!(" of {name}"));
        Self { label, ..Self::of(issuer, Some(name.to_owned()), audience, possession) }
    }

    pub(super) fn label(&self) -> &str {
        self.label.as_deref().unwrap_or_default()
    }

    /// Returns claims that satisfy the demands, except demands that claims cannot satisfy, such as
    /// a check. A demand for a proof binds the token to a key of the access matrix.
    pub(super) fn claims(&self, demands: &[Demand]) -> Map<String, Value> {
        let base = self.base.claims().clone();
        let mut claims = claims_for(demands, &self.issuer, base, self.now);
        self.possession.bind(&mut claims);
        claims
    }

    /// Returns true if tokens can be bound to a key of DPoP proofs.
    pub(super) fn has_dpop(&self) -> bool {
        self.possession.has_dpop()
    }

    /// Returns the claims with another audience.
    pub(super) fn for_other_audience(&self, mut claims: Map<String, Value>) -> Map<String, Value> {
        let other = Map::from_iter([("aud".to_owned(), json!("other"))]);
        claims.extend(claims_for(&[], &self.issuer, other, self.now));
        claims
    }

    /// Returns a builder of a token with these claims.
    pub(super) fn with(&self, claims: Map<String, Value>) -> TokenBuilder {
        self.base.clone().with_claims(claims)
    }

    /// Returns a builder of an expired token with these claims.
    pub(super) fn expired(&self, claims: Map<String, Value>) -> TokenBuilder {
        self.with(claims).expires_at(self.now.checked_sub(EXPIRED).unwrap_or(self.now))
    }

    /// Returns the verdict of a guard that trusts this issuer on a token with these claims.
    pub(super) fn verdict(
        &self,
        requirement: &Requirement,
        claims: &Map<String, Value>,
    ) -> ClaimsVerdict {
        // Claims with another `iss` belong to another issuer, and this issuer cannot predict their
        // verdict.
        if claims.get("iss") != self.base.claims().get("iss") {
            return ClaimsVerdict::Unknown;
        }
        let name = self.name.as_deref();
        verdict(requirement, claims, &self.issuer, name, &self.audience, self.now)
    }
}
