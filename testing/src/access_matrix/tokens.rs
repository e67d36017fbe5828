//! Tokens that satisfy given demands.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::{AuthorizationServer, TokenBuilder};
use axum_protected::__testing::{ClaimsVerdict, claims_for, verdict};
use axum_protected::Provider;
use axum_protected::clock::{Clock, SystemClock};
use axum_protected::policy::{Demand, Requirement};

/// A client id that no policy names, unlike `development`.
const CLIENT: &str = "access-matrix";

/// The tokens of an issuer.
pub(super) struct Tokens {
    /// In the form of RFC 9068.
    base: TokenBuilder,
    provider: Provider,
    audience: &'static str,
    now: SystemTime,
}

impl Tokens {
    pub(super) fn of(issuer: &AuthorizationServer) -> Self {
        Self {
            base: issuer.standard_token().claim("client_id", CLIENT),
            provider: issuer.provider_of_tokens(),
            audience: issuer.audience(),
            now: SystemClock.now(),
        }
    }

    /// The claims that satisfy these demands, as far as claims can.
    pub(super) fn claims(&self, demands: &[Demand]) -> Map<String, Value> {
        claims_for(demands, self.provider, self.base.claims().clone(), self.now)
    }

    /// These claims, for another audience.
    pub(super) fn for_other_audience(&self, mut claims: Map<String, Value>) -> Map<String, Value> {
        let other = Map::from_iter([("aud".to_owned(), json!("other"))]);
        claims.extend(claims_for(&[], self.provider, other, self.now));
        claims
    }

    /// A token with these claims.
    pub(super) fn with(&self, claims: Map<String, Value>) -> TokenBuilder {
        self.base.clone().with_claims(claims)
    }

    /// The verdict of a guard that trusts this issuer.
    pub(super) fn verdict(
        &self,
        requirement: &Requirement,
        claims: &Map<String, Value>,
    ) -> ClaimsVerdict {
        // A demand on the claim `iss` turns it into a token of another issuer.
        if claims.get("iss") != self.base.claims().get("iss") {
            return ClaimsVerdict::Unknown;
        }
        verdict(requirement, claims, self.provider, self.audience, self.now)
    }
}
