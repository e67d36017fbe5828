//! What a guard has to say to claims: the policy's own evaluation, on a token without a signature.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use super::claims::Tokens;
use crate::json::{self, Document};
use crate::policy::{Answers, Facts, Requirement, Verdict, judge};
use crate::token::{AccessToken, Found, Profile, Registered, Rules};

impl Tokens {
    /// Nothing where it cannot be told from here: it is not known what the application calls this
    /// issuer, nor whether it takes a token for an audience that a policy asks for.
    pub(super) fn verdict(
        &self,
        requirement: &Requirement,
        claims: &Map<String, Value>,
    ) -> Option<Verdict> {
        let demands = requirement.demands().into_iter();
        let issuers = demands.filter_map(|demand| demand.parts().issuer);
        let names = std::iter::once(None).chain(issuers.map(Some));
        let called = |name| self.verdict_of(name, requirement, claims);
        let mut verdicts = names.map(called);
        let first = verdicts.next()?;
        verdicts
            .all(|verdict| verdict == first)
            .then_some(first)
            .flatten()
    }

    fn verdict_of(
        &self,
        issuer_name: Option<&str>,
        requirement: &Requirement,
        claims: &Map<String, Value>,
    ) -> Option<Verdict> {
        let dialect = self.provider.dialect();
        let original = document(self.base.claims())?;
        let audiences = Registered::read(&original, &Found::of(&original), dialect).ok()?;
        let audiences = audiences.audiences(&original).map(str::to_owned);
        let rules = Arc::new(Rules {
            issuer_name: issuer_name.map(Into::into),
            audiences: audiences.collect(),
            profile: Profile::Jwt,
            dialect,
            leeway: Duration::ZERO,
        });
        let is_ours = claims.get("iss") == self.base.claims().get("iss");
        let claims = document(claims)?;
        let found = Found::of(&claims);
        let registered = Registered::read(&claims, &found, dialect).ok()?;
        rules.check(&claims, &found, &registered, self.now).ok()?;
        let token = AccessToken::new(claims, &found, registered, &rules, None).ok()?;
        let facts = Facts {
            token: &token,
            now: self.now,
        };
        is_ours.then(|| judge(requirement, &facts, Answers::default()))
    }
}

/// The claims as a server reads them.
fn document(claims: &Map<String, Value>) -> Option<Document> {
    json::object(&serde_json::to_vec(claims).ok()?).ok()
}
