//! The kinds of demands. Only the code in this folder matches on the variants of [`Demand`]. A new
//! kind of demand needs a variant of [`Demand`], an arm in each function here and an arm in
//! [`relations`]. If its value is one string, it also needs a row in the table of the macros crate.

#[cfg(any(test, feature = "__testing"))]
mod claims;
mod relations;

use super::claim_value::ClaimValue;
use super::code_demands::{CheckDemand, PolicyDemand};
use super::description::{Description, WITHIN};
use super::details_demand::DetailsDemand;
use super::details_text::LABEL;
use super::request_facts::{Answers, Facts, Lack, Supposition};
use super::scopes::ScopeEntry;
use crate::possession::Proof;

/// One demand on a valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Demand {
    /// A scope that the token must have.
    Scope(&'static str),
    /// A declared scope. The token must have this scope or a scope that implies it.
    Declared(ScopeEntry),
    /// A role that the token must have in the claim where the issuer's
    /// [`Provider`](crate::Provider) puts roles.
    Role(&'static str),
    /// The path of member names to a claim, and a value. The claim must equal this value or be an
    /// array that contains it.
    Claim(&'static [&'static str], ClaimValue),
    /// The OAuth client that the token must name in the claim where the issuer's
    /// [`Provider`](crate::Provider) puts the client.
    Client(&'static str),
    /// The issuer that must have issued the token: its configured name, or its identifier if it has
    /// no name.
    Issuer(&'static str),
    /// The authentication context class that the claim `acr` must contain (RFC 9470).
    Acr(&'static str),
    /// The maximum age of the user's authentication in seconds, counted from the claim `auth_time`
    /// (RFC 9470).
    MaxAge(u64),
    /// The proof of possession that the request must present for its token. The token must be bound
    /// to a key in this way.
    Proof(Proof),
    /// An object that the claim `authorization_details` must contain (RFC 9396).
    Details(DetailsDemand),
    /// A check that the application implements and that must pass.
    Check(CheckDemand),
    /// Another policy that the request must satisfy.
    Policy(PolicyDemand),
}

/// The parts of a demand that documents, challenges and access tables handle separately. Each field
/// is `None` if the demand has no such part.
#[derive(Clone, Copy)]
pub(crate) struct Parts {
    /// The demanded scope and the scopes that imply it.
    pub(crate) scope: Option<ScopeEntry>,
    /// The issuer as the policy names it.
    #[cfg_attr(
        not(any(test, feature = "router", feature = "__testing")),
        expect(dead_code, reason = "for tables of routes")
    )]
    pub(crate) issuer: Option<&'static str>,
    pub(crate) acr: Option<&'static str>,
    /// The maximum age of the authentication in seconds.
    pub(crate) max_age: Option<u64>,
    pub(crate) proof: Option<Proof>,
    pub(crate) details: Option<DetailsDemand>,
    pub(crate) check: Option<CheckDemand>,
    pub(crate) policy: Option<PolicyDemand>,
}

impl Parts {
    const NONE: Self = Self {
        scope: None,
        issuer: None,
        acr: None,
        max_age: None,
        proof: None,
        details: None,
        check: None,
        policy: None,
    };
}

impl Demand {
    /// Evaluates the demand for a request. Returns the [`Lack`] if the request does not satisfy the
    /// demand.
    pub(super) fn judge(
        &self,
        facts: &Facts<'_>,
        answers: Answers,
        supposition: Supposition<'_>,
    ) -> Result<(), Lack> {
        let token = facts.token;
        let has_scope = |scope: &str| match supposition.scopes {
            Some(scopes) => scopes.contains(&scope),
            None => token.has_scope(scope),
        };
        let is_satisfied = match self {
            Self::Scope(scope) => has_scope(scope),
            Self::Declared(entry) => {
                has_scope(entry.name) || entry.implied_by.iter().any(|scope| has_scope(scope))
            }
            Self::Role(role) => token.has_role(role),
            Self::Claim(path, value) => facts.has_claim(path, *value),
            Self::Client(client) => token.client() == Some(client),
            Self::Issuer(issuer) => token.is_from(issuer),
            Self::Acr(acr) => facts.has_acr(acr),
            Self::MaxAge(seconds) => facts.is_authenticated_within(*seconds),
            Self::Proof(proof) => token.has_proof(*proof),
            Self::Details(details) => facts.has_details(details),
            Self::Check(check) => answers.of(check.number).unwrap_or(supposition.checks),
            // The caller calls `judge` for a policy only if `answers` contains the result of that
            // policy; otherwise it evaluates the requirement of the policy.
            Self::Policy(policy) => answers.of(policy.number).unwrap_or(false),
        };
        is_satisfied.then_some(()).ok_or_else(|| self.lack())
    }

    /// Returns the lack of a token that does not satisfy this demand.
    pub(crate) const fn lack(&self) -> Lack {
        match self {
            Self::Acr(_) | Self::MaxAge(_) => Lack::Authentication,
            Self::Proof(_) => Lack::Proof,
            Self::Scope(_)
            | Self::Declared(_)
            | Self::Role(_)
            | Self::Claim(..)
            | Self::Client(_)
            | Self::Issuer(_)
            | Self::Details(_)
            | Self::Check(_)
            | Self::Policy(_) => Lack::Authorization,
        }
    }

    /// Describes the demand for lines of text, sentences and JSON.
    pub(crate) fn description(&self) -> Description {
        match self {
            Self::Scope(scope) => Description { label: "", ..Description::text("scope", scope) },
            Self::Declared(entry) => {
                Description { label: "", ..Description::scope("scope", *entry) }
            }
            Self::Role(role) => Description::text("role", role),
            Self::Claim(path, value) => Description::claim("claim", path, *value),
            Self::Client(client) => Description::text("client", client),
            Self::Issuer(issuer) => Description::text("issuer", issuer),
            Self::Acr(acr) => {
                Description { noun: "authentication context", ..Description::text("acr", acr) }
            }
            Self::MaxAge(seconds) => Description {
                label: WITHIN,
                noun: "an authentication not older than",
                ..Description::seconds("max_age", *seconds)
            },
            Self::Proof(proof) => Description {
                noun: "proof of possession",
                ..Description::text("proof", proof.name())
            },
            Self::Details(details) => Description {
                noun: "authorization details of the type",
                label: LABEL,
                ..Description::details("details", *details)
            },
            Self::Check(check) => Description::check("check", check.name),
            Self::Policy(policy) => Description::text("policy", policy.operation.name),
        }
    }

    pub(crate) const fn parts(&self) -> Parts {
        const NONE: Parts = Parts::NONE;
        match self {
            Self::Scope(scope) => Parts { scope: Some(ScopeEntry::new(scope, "", &[])), ..NONE },
            Self::Declared(entry) => Parts { scope: Some(*entry), ..NONE },
            Self::Issuer(issuer) => Parts { issuer: Some(issuer), ..NONE },
            Self::Acr(acr) => Parts { acr: Some(acr), ..NONE },
            Self::MaxAge(seconds) => Parts { max_age: Some(*seconds), ..NONE },
            Self::Proof(proof) => Parts { proof: Some(*proof), ..NONE },
            Self::Details(details) => Parts { details: Some(*details), ..NONE },
            Self::Check(check) => Parts { check: Some(*check), ..NONE },
            Self::Policy(policy) => Parts { policy: Some(*policy), ..NONE },
            Self::Role(_) | Self::Claim(..) | Self::Client(_) => NONE,
        }
    }

    /// Returns the number of the check or policy that decides this demand; `None` if the claims of
    /// the token decide it.
    pub(super) fn number(&self) -> Option<usize> {
        let Parts { check, policy, .. } = self.parts();
        check.map(|check| check.number).or_else(|| policy.map(|policy| policy.number))
    }
}

#[cfg(test)]
pub(super) mod tests;
