//! The judgement of claims by a policy's own evaluation, on a token without a signature.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::json::{self, Document};
use crate::policy::{Answers, Facts, Lack, Requirement, Verdict, judge};
use crate::token::{AccessToken, ClaimPositions, Profile, Provider, Registered, Rules};

/// The answer of a guard to a token with certain claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "whoever reads a verdict must handle each")]
pub enum ClaimsVerdict {
    /// The token satisfies the requirement.
    Grant,
    /// 403 with `insufficient_scope` (RFC 6750 section 3.1).
    InsufficientScope,
    /// 401 with `insufficient_user_authentication` (RFC 9470 section 3).
    InsufficientUserAuthentication,
    /// The answer of a check decides.
    Check,
    /// The claims alone do not tell: the name that the application has for the issuer decides, or
    /// the token is not valid for this audience at this time.
    Unknown,
}

/// Judges claims by a requirement, as a server does that takes tokens of this provider for this
/// audience. The signature and the issuer are taken for granted.
#[must_use]
pub fn verdict(
    requirement: &Requirement,
    claims: &Map<String, Value>,
    provider: Provider,
    audience: &str,
    now: SystemTime,
) -> ClaimsVerdict {
    let demands = requirement.demands().into_iter();
    let issuers = demands.filter_map(|demand| demand.parts().issuer);
    let names = std::iter::once(None).chain(issuers.map(Some));
    let mut verdicts = names.map(|issuer_name| {
        let rules = Arc::new(Rules {
            issuer_name: issuer_name.map(Into::into),
            audiences: vec![audience.to_owned()],
            profile: Profile::Jwt,
            dialect: provider.dialect(),
            leeway: Duration::ZERO,
        });
        let token = token(claims, &rules, now)?;
        let facts = Facts { token: &token, now };
        Some(judge(requirement, &facts, Answers::default()).into())
    });
    let first = verdicts.next().flatten();
    let same = first.filter(|_| verdicts.all(|verdict| verdict == first));
    same.unwrap_or(ClaimsVerdict::Unknown)
}

/// The token with these claims, if it satisfies the rules.
fn token(claims: &Map<String, Value>, rules: &Arc<Rules>, now: SystemTime) -> Option<AccessToken> {
    let claims: Document = json::object(&serde_json::to_vec(claims).ok()?).ok()?;
    let found = ClaimPositions::of(&claims);
    let registered = Registered::read(&claims, &found, rules.dialect).ok()?;
    rules.check(&claims, &found, &registered, now).ok()?;
    AccessToken::new(claims, &found, registered, rules, None).ok()
}

impl From<Verdict> for ClaimsVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Grant => Self::Grant,
            Verdict::Refuse(Lack::Authorization) => Self::InsufficientScope,
            Verdict::Refuse(Lack::Authentication) => Self::InsufficientUserAuthentication,
            Verdict::Ask(_) => Self::Check,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::shorthand::{acr, check, issuer, role, scope};
    use ClaimsVerdict::{
        Check as Asks, Grant, InsufficientScope, InsufficientUserAuthentication, Unknown,
    };
    use Requirement::{All, Any};

    fn judged(requirement: Requirement, more: &Value) -> ClaimsVerdict {
        let mut claims = json!({"iss": "https://id.example.com", "aud": "api", "exp": 60});
        let claims = claims.as_object_mut().unwrap();
        claims.extend(more.as_object().cloned().unwrap());
        let (provider, now) = (Provider::Auth0, SystemTime::UNIX_EPOCH);
        verdict(&requirement, claims, provider, "api", now)
    }

    #[test]
    fn claims_are_judged_as_a_guard_would_and_only_as_far_as_they_decide() {
        const CHECK: Requirement = check(0, "owns_order");
        const BOTH: Requirement = All(&[scope("a"), CHECK]);
        const EITHER: Requirement = Any(&[scope("a"), CHECK]);
        const OR_ACME: Requirement = Any(&[scope("a"), issuer("acme")]);
        let cases = [
            (scope("a"), json!({"scope": "a"}), Grant),
            (scope("a"), json!({}), InsufficientScope),
            (acr("gold"), json!({}), InsufficientUserAuthentication),
            (role("r"), json!({"permissions": ["r"]}), Grant),
            (role("r"), json!({"roles": ["r"]}), InsufficientScope),
            (CHECK, json!({}), Asks),
            (BOTH, json!({}), InsufficientScope),
            (EITHER, json!({"scope": "a"}), Grant),
            (issuer("acme"), json!({}), Unknown),
            (issuer("https://id.example.com"), json!({}), Grant),
            (OR_ACME, json!({"scope": "a"}), Grant),
            (scope("a"), json!({"scope": "a", "aud": "other"}), Unknown),
            (scope("a"), json!({"scope": "a", "exp": 0}), Unknown),
        ];
        for (requirement, claims, expected) in cases {
            assert_eq!(judged(requirement, &claims), expected, "{requirement} {claims}");
        }
    }
}
