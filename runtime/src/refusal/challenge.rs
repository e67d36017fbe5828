//! Builds the `WWW-Authenticate` challenges of a refusal (RFC 6750 section 3, RFC 9449 section 7,
//! RFC 9470 section 3).

use http::HeaderValue;

use super::challenges::Challenges;
use super::response_cache::Key;
use super::status::{error_code, status};
use crate::algorithm::Algorithm;
use crate::dpop::DpopJudge;
use crate::error::RefusalKind;
use crate::granted_scopes::is_scope_token;
use crate::policy::{Fold, Requirement, ScopeSets};
use crate::possession::Proof;

/// The parts of a challenge that are the same in all refusals of a server.
#[derive(Clone)]
pub(crate) struct ChallengeSettings {
    /// The authentication scheme (RFC 9110 section 11.1).
    pub(crate) scheme: String,
    /// The realm, without characters that need an escape in a quoted-string (RFC 9110 section
    /// 5.6.4).
    pub(crate) realm: String,
    /// The URL of the metadata, without characters that need an escape.
    pub(crate) resource_metadata: Option<String>,
    /// The challenge for the scheme `DPoP`. `None` if the server takes no proofs.
    pub(crate) dpop: Option<DpopChallenge>,
}

/// The parts of a challenge for the scheme `DPoP` (RFC 9449 section 7.1).
#[derive(Clone)]
pub(crate) struct DpopChallenge {
    /// The accepted algorithms of proofs, separated by spaces.
    pub(crate) algorithms: String,
    /// True if the server refuses every token without a proof.
    pub(crate) is_required: bool,
}

impl ChallengeSettings {
    /// Builds the challenges of a refusal. Each has at least one parameter, no parameter occurs
    /// twice, and all values are quoted (RFC 6750 section 3). There are none for a 5xx status and for
    /// a cross-site request, because other credentials do not help.
    ///
    /// With two challenges, only the one for the scheme that the request used has an `error` (RFC
    /// 9449 section 7.2). The other parameters are in both: they state what the operation demands
    /// of a token of either scheme.
    pub(super) fn build(&self, key: Key, sets: &ScopeSets) -> Challenges {
        let Key { kind, requirement, scope_set, used } = key;
        if status(kind).is_server_error() || kind == RefusalKind::CrossSiteRequest {
            return Challenges::default();
        }
        let mut demands = Vec::new();
        let scopes = scope_set.and_then(|index| sets.get(index)).unwrap_or_default();
        push_list(&mut demands, "scope", scopes.to_vec());
        if kind == RefusalKind::InsufficientAuthentication {
            step_up(&mut demands, requirement);
        }
        let errors = error_code(kind).map_or_else(Vec::new, |error| {
            let description = kind.description().to_owned();
            vec![("error", error.to_owned()), ("error_description", description)]
        });
        let (bearer, dpop) = self.schemes(requirement);
        let is_only = bearer.is_none() || dpop.is_none();
        let line = |scheme: &str, head: Vec<Parameter>, is_used: bool| {
            let errors = errors.iter().filter(|_| is_used || is_only);
            self.line(scheme, head.into_iter().chain(errors.chain(&demands).cloned()))
        };
        Challenges {
            bearer: bearer.map(|scheme| line(scheme, Vec::new(), used.is_bearer())),
            dpop: dpop.map(|dpop| line("DPoP", vec![dpop.algorithms()], used.is_dpop())),
        }
    }

    /// Builds the challenges without an `error` parameter.
    pub(super) fn build_without_error(&self, requirement: &Requirement) -> Challenges {
        let (bearer, dpop) = self.schemes(requirement);
        Challenges {
            bearer: bearer.map(|scheme| self.line(scheme, [])),
            dpop: dpop.map(|dpop| self.line("DPoP", [dpop.algorithms()])),
        }
    }

    /// Returns the schemes with which a token can satisfy the requirement. Where only a token with a
    /// DPoP proof can, a challenge for `Bearer` would ask for a token that is refused too.
    fn schemes(&self, requirement: &Requirement) -> (Option<&str>, Option<&DpopChallenge>) {
        let needs_dpop = |dpop: &DpopChallenge| dpop.is_required || demands_dpop(requirement);
        let only_dpop = self.dpop.as_ref().is_some_and(needs_dpop);
        let bearer = (!only_dpop).then_some(self.scheme.as_str());
        (bearer, self.dpop.as_ref())
    }

    fn line(&self, scheme: &str, parameters: impl IntoIterator<Item = Parameter>) -> HeaderValue {
        let metadata = self.resource_metadata.clone().map(|url| ("resource_metadata", url));
        let realm = ("realm", self.realm.clone());
        let quoted: Vec<_> = std::iter::once(realm)
            .chain(parameters)
            .chain(metadata)
            .map(|(name, value)| format!("{name}=\"{value}\""))
            .collect();
        // `from_str` cannot fail here, because the builder checked the scheme, the realm and the
        // URL. The fallback exists because a 401 must have a challenge (RFC 9110 section 11.6.1).
        HeaderValue::from_str(&format!("{scheme} {}", quoted.join(", ")))
            .unwrap_or_else(|_| HeaderValue::from_static("Bearer realm=\"api\""))
    }
}

impl DpopChallenge {
    pub(crate) fn of(judge: &DpopJudge) -> Self {
        let names: Vec<_> = judge.algorithms().iter().map(Algorithm::to_string).collect();
        Self { algorithms: names.join(" "), is_required: judge.is_required() }
    }

    /// Returns the parameter `algs` (RFC 9449 section 7.1).
    fn algorithms(&self) -> Parameter {
        ("algs", self.algorithms.clone())
    }
}

/// Returns true if every token that satisfies the requirement comes with a DPoP proof.
fn demands_dpop(requirement: &Requirement) -> bool {
    requirement.fold(&Fold {
        one: &|leaf| leaf.demand.parts().proof == Some(Proof::Dpop),
        all: &|members| members.contains(&true),
        any: &|members| !members.is_empty() && !members.contains(&false),
    })
}

type Parameter = (&'static str, String);

/// Adds the parameters `acr_values` and `max_age`, which state the authentication that the
/// requirement demands (RFC 9470 section 3).
fn step_up(parameters: &mut Vec<Parameter>, requirement: &Requirement) {
    push_list(parameters, "acr_values", requirement.acr_values());
    if let Some(seconds) = requirement.max_age() {
        parameters.push(("max_age", seconds.to_string()));
    }
}

/// Adds a parameter with the values separated by spaces, unless the list is empty. Skips values
/// that would need an escape inside quotes. The attributes reject values that need an escape, but
/// an implementation of `Policy` without the attributes may contain them.
fn push_list(parameters: &mut Vec<Parameter>, name: &'static str, mut values: Vec<&str>) {
    values.retain(|value| is_scope_token(value));
    if !values.is_empty() {
        parameters.push((name, values.join(" ")));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::test_requirements::{proof, scope};
    use crate::refusal::used_scheme::UsedScheme::{self, Ambiguous, Bearer, Dpop};

    fn settings(dpop: Option<bool>) -> ChallengeSettings {
        ChallengeSettings {
            scheme: "Bearer".to_owned(),
            realm: "api".to_owned(),
            resource_metadata: Some("https://a.example/m".to_owned()),
            dpop: dpop.map(|is_required| DpopChallenge {
                algorithms: "ES256 PS256".to_owned(),
                is_required,
            }),
        }
    }

    fn lines(settings: &ChallengeSettings, kind: RefusalKind, used: UsedScheme) -> Vec<String> {
        const READ: Requirement = scope("read");
        let key = Key { kind, requirement: &READ, scope_set: Some(0), used };
        let lines = settings.build(key, &ScopeSets::of(&READ)).into_lines();
        lines.map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    /// RFC 9449 section 7.2.
    #[test]
    fn only_the_scheme_of_the_request_has_an_error() {
        let (bearer, dpop) = ("Bearer realm=\"api\"", "DPoP realm=\"api\", algs=\"ES256 PS256\"");
        let error = ", error=\"invalid_token\", error_description=\"the access token has expired\"";
        let more = ", scope=\"read\", resource_metadata=\"https://a.example/m\"";
        for (used, in_bearer, in_dpop) in
            [(Bearer, error, ""), (Dpop, "", error), (Ambiguous, error, error)]
        {
            let both = [format!("{bearer}{in_bearer}{more}"), format!("{dpop}{in_dpop}{more}")];
            assert_eq!(lines(&settings(Some(false)), RefusalKind::Expired, used), both);
            // The only challenge has the error, whichever scheme the request used.
            let required = [format!("{dpop}{error}{more}")];
            assert_eq!(lines(&settings(Some(true)), RefusalKind::Expired, used), required);
            let without = [format!("{bearer}{error}{more}")];
            assert_eq!(lines(&settings(None), RefusalKind::Expired, used), without);
            let missing = [format!("{bearer}{more}"), format!("{dpop}{more}")];
            assert_eq!(lines(&settings(Some(false)), RefusalKind::MissingToken, used), missing);
        }
    }

    #[test]
    fn a_policy_that_only_proofs_satisfy_has_no_challenge_for_bearer() {
        const DPOP: Requirement = proof(Proof::Dpop);
        const MTLS: Requirement = proof(Proof::Mtls);
        const READ: Requirement = scope("read");
        const NONE: Requirement = Requirement::All(&[]);
        for (requirement, expected) in [
            (NONE, false),
            (Requirement::Any(&[]), false),
            (READ, false),
            (MTLS, false),
            (DPOP, true),
            (Requirement::All(&[READ, DPOP]), true),
            (Requirement::All(&[MTLS, DPOP]), true),
            (Requirement::Any(&[MTLS, DPOP]), false),
            (Requirement::Any(&[READ, DPOP]), false),
            (Requirement::Any(&[DPOP, Requirement::All(&[READ, DPOP])]), true),
        ] {
            assert_eq!(demands_dpop(&requirement), expected, "{requirement}");
            let both = settings(Some(false));
            let (bearer, dpop) = both.schemes(&requirement);
            assert_eq!((bearer.is_none(), dpop.is_some()), (expected, true), "{requirement}");
            // A server without proofs can only state what it accepts.
            assert!(settings(None).schemes(&requirement).0.is_some());
        }
    }

    #[test]
    fn every_kind_has_both_challenges_or_none() {
        for kind in RefusalKind::ALL {
            let found = lines(&settings(Some(false)), *kind, Dpop);
            let has_none = status(*kind).is_server_error() || kind.code() == "cross_site_request";
            assert_eq!(found.len(), if has_none { 0 } else { 2 }, "{kind:?}");
            assert!(!found.iter().any(|line| line.starts_with("Bearer") && line.contains("error")));
        }
    }
}
