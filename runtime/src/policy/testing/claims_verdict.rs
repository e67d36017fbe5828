//! Evaluation of a requirement for the claims of a token without a signature.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde_json::{Map, Value};

use crate::identity::AccessToken;
use crate::json::{self, Document};
use crate::policy::{Answers, Facts, Lack, Requirement, Verdict, judge};
use crate::possession::Binding;
use crate::token::{ClaimPositions, Dialect, Profile, Registered, Rules};

/// The response of a guard to a token with given claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must handle every verdict")]
pub enum ClaimsVerdict {
    /// The token satisfies the requirement.
    Grant,
    /// The guard responds with status 403 and the error `insufficient_scope` (RFC 6750 section
    /// 3.1).
    InsufficientScope,
    /// The guard responds with status 401 and the error `insufficient_user_authentication` (RFC
    /// 9470 section 3).
    InsufficientUserAuthentication,
    /// The guard responds with status 401 and the code `proof_required`.
    ProofRequired,
    /// The verdict depends on the result of a check.
    Check,
    /// The claims alone do not decide, because the verdict depends on the configured name of the
    /// issuer, or because the token is not valid for this audience at this time.
    Unknown,
}

/// Evaluates a requirement for claims, like a server that accepts tokens of an issuer with this
/// dialect for this audience. Assumes that the header has the `typ` `at+jwt`, and that the signature
/// and the issuer are valid. If the name of the issuer is not known, the verdict is only known if it
/// is the same for every name.
pub(crate) fn verdict(
    requirement: &Requirement,
    claims: &Map<String, Value>,
    dialect: &Dialect,
    issuer_name: Option<&str>,
    audience: &str,
    now: SystemTime,
) -> ClaimsVerdict {
    let names: Vec<_> = match issuer_name {
        Some(_) => vec![issuer_name],
        None => std::iter::once(None).chain(requirement.issuers().into_iter().map(Some)).collect(),
    };
    let mut verdicts = names.into_iter().map(|issuer_name| {
        let rules = Arc::new(Rules {
            issuer_name: issuer_name.map(Into::into),
            audiences: vec![audience.to_owned()],
            locations: Vec::new(),
            profile: Profile::Jwt,
            dialect: dialect.clone(),
            leeway: Duration::ZERO,

            accepts_dpop: true,
            required_binding: crate::possession::RequiredBinding::default(),
        });
        let token = token(claims, &rules, now)?;
        let facts = Facts { token: &token, now };
        Some(judge(requirement, &facts, Answers::default()).into())
    });
    let first = verdicts.next().flatten();
    first.filter(|_| verdicts.all(|verdict| verdict == first)).unwrap_or(ClaimsVerdict::Unknown)
}

/// Creates an unsigned token with these claims, and the proofs of the keys to which it is bound.
/// Returns `None` if the token does not satisfy the rules.
fn token(claims: &Map<String, Value>, rules: &Arc<Rules>, now: SystemTime) -> Option<AccessToken> {
    let claims: Document = json::object(&serde_json::to_vec(claims).ok()?).ok()?;
    let found = ClaimPositions::of(&claims);
    let registered = Registered::read(&claims, &found, &rules.dialect).ok()?;
    rules.check(&claims, &found, &registered, Profile::Rfc9068, now).ok()?;
    let mut token = AccessToken::of_jwt(claims, &found, registered, rules, None).ok()?;
    token.set_proofs(token.binding().map(Binding::presented_by_holder).unwrap_or_default());
    Some(token)
}

impl From<Verdict> for ClaimsVerdict {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Grant => Self::Grant,
            Verdict::Refuse(Lack::Authorization) => Self::InsufficientScope,
            Verdict::Refuse(Lack::Proof) => Self::ProofRequired,
            Verdict::Refuse(Lack::Authentication) => Self::InsufficientUserAuthentication,
            Verdict::Ask(_) => Self::Check,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::policy::test_requirements::{acr, check, issuer, role, scope};
    use ClaimsVerdict::{
        Check as Asks, Grant, InsufficientScope, InsufficientUserAuthentication, Unknown,
    };
    use Requirement::{All, Any};

    fn verdict_on(requirement: Requirement, name: Option<&str>, more: &Value) -> ClaimsVerdict {
        let mut claims = json!({"iss": "https://id.example.com", "aud": "api", "exp": 60});
        claims.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        let (dialect, now) = (crate::Provider::Auth0.dialect(), SystemTime::UNIX_EPOCH);
        verdict(&requirement, claims.as_object().unwrap(), &dialect, name, "api", now)
    }

    #[test]
    fn the_verdict_is_that_of_a_guard_or_unknown_if_claims_do_not_decide() {
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
            assert_eq!(verdict_on(requirement, None, &claims), expected, "{requirement} {claims}");
        }
    }

    #[test]
    fn with_a_known_name_of_the_issuer_the_claims_decide() {
        let of_acme = |name| verdict_on(issuer("acme"), Some(name), &json!({}));
        assert_eq!(of_acme("acme"), Grant);
        assert_eq!(of_acme("other"), InsufficientScope);
    }
}
