//! What a guard has to say to claims: the policy's own evaluation, on a token without a signature.

use std::time::Duration;

use super::claims::Tokens;
use crate::json::Object;
use crate::policy::{Answers, Facts, Requirement, Verdict, judge};
use crate::token::{AccessToken, Profile, Registered, Rules};

impl Tokens {
    /// Nothing where it cannot be told from here: it is not known what the application calls this
    /// issuer, nor whether it takes a token for an audience that a policy asks for.
    pub(super) fn verdict(&self, requirement: &Requirement, claims: &Object) -> Option<Verdict> {
        let mut names = vec![None];
        requirement.walk_all(&mut |leaf| {
            if let Requirement::Issuer(name) = leaf {
                names.push(Some(*name));
            }
        });
        let called = |name| self.verdict_of(name, requirement, claims);
        let mut verdicts = names.into_iter().map(called);
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
        claims: &Object,
    ) -> Option<Verdict> {
        let dialect = self.provider.dialect();
        let original = Registered::read(self.base.claims(), dialect).ok()?;
        let rules = Rules {
            issuer_name: issuer_name.map(Into::into),
            audiences: original.audience,
            profile: Profile::Jwt,
            dialect,
            leeway: Duration::ZERO,
        };
        let registered = Registered::read(claims, dialect).ok()?;
        rules.check(claims, &registered, self.now).ok()?;
        let token = AccessToken::new(claims.clone(), registered, &rules, None).ok()?;
        let facts = Facts {
            token: &token,
            now: self.now,
        };
        let is_ours = claims.get("iss") == self.base.claims().get("iss");
        is_ours.then(|| judge(requirement, &facts, Answers::default()))
    }
}
