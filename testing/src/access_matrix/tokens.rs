//! Tokens that satisfy given demands.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::{AuthorizationServer, TokenBuilder};
use axum_protected::__testing::{ClaimsVerdict, claims_for, verdict};
use axum_protected::Issuer;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::policy::{Demand, Requirement};

/// A client id that probably no policy names. The default of the token builder, `development`, is not
/// used, because a policy may name it.
const CLIENT: &str = "access-matrix";

/// The tokens that the access matrix sends, all of one issuer.
pub(super) struct Tokens {
    /// The builder of a token in the format of RFC 9068. All other tokens are copies with changes.
    base: TokenBuilder,
    issuer: Issuer,
    audience: &'static str,
    now: SystemTime,
}

impl Tokens {
    pub(super) fn of(issuer: &AuthorizationServer) -> Self {
        Self {
            base: issuer.standard_token().claim("client_id", CLIENT),
            issuer: issuer.settings().clone(),
            audience: issuer.audience(),
            now: SystemClock.now(),
        }
    }

    /// Returns claims that satisfy the demands, except demands that claims cannot satisfy, such as
    /// a check.
    pub(super) fn claims(&self, demands: &[Demand]) -> Map<String, Value> {
        claims_for(demands, &self.issuer, self.base.claims().clone(), self.now)
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
        verdict(requirement, claims, &self.issuer, self.audience, self.now)
    }
}
