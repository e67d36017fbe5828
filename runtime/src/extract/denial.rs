//! Converts a `Denial`, the reason that a valid token does not suffice, into a `Refusal`.

use http::request::Parts;

use crate::check::CheckRejection;
use crate::error::RefusalKind;
use crate::policy::{Answers, Facts, Lack, Requirement};
use crate::refusal::{Refusal, Refusals};

/// The reason that the policy or a check denies a request.
pub(super) struct Denial {
    pub(super) cause: Cause,
    /// The set of scopes that the challenge names, as an index into the requirement's scope sets.
    pub(super) scope_set: Option<usize>,
}

pub(super) enum Cause {
    Policy(Lack),
    /// The token has authorization details, and the server refuses them here.
    UndemandedDetails,
    /// The rejection of the check with this name.
    Check(&'static str, CheckRejection),
}

impl Denial {
    pub(super) const UNDEMANDED_DETAILS: Self =
        Self { cause: Cause::UndemandedDetails, scope_set: None };

    pub(super) fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Policy(lack) => kind_of(*lack).code(),
            Cause::UndemandedDetails => RefusalKind::UndemandedDetails.code(),
            Cause::Check(_, CheckRejection::Denied) => RefusalKind::Denied.code(),
            Cause::Check(_, CheckRejection::Response(_)) => "rejected_by_check",
        }
    }

    /// Returns the name of the check that denied the request, if a check did.
    pub(super) fn check(&self) -> Option<&'static str> {
        match self.cause {
            Cause::Check(name, _) => Some(name),
            Cause::Policy(_) | Cause::UndemandedDetails => None,
        }
    }

    /// Selects the scopes of the challenge from the requirement that combines all guards of the
    /// request. `own` is the requirement of the guard that denies the request. If no scopes help at
    /// this guard, the challenge names no scopes.
    pub(super) fn for_combination(
        self,
        own: &'static Requirement,
        combined: &'static Requirement,
        facts: &Facts<'_>,
        refusals: &Refusals,
    ) -> Self {
        if std::ptr::eq(own, combined) {
            return self;
        }
        let own_sets = refusals.scope_sets(own);
        let own_scopes = self.scope_set.and_then(|index| own_sets.get(index));
        let sets = refusals.scope_sets(combined);
        // The results of the checks belong to `own` and not to `combined`. The scopes of `own` were
        // selected by these results, so the combined set must include them.
        let answers = Answers::default();
        let scope_set = own_scopes
            .and_then(|scopes| sets.to_name(combined, facts, answers, self.lack(), scopes));
        Self { scope_set, ..self }
    }

    fn lack(&self) -> Lack {
        match self.cause {
            Cause::Policy(lack) => lack,
            Cause::UndemandedDetails | Cause::Check(..) => Lack::Authorization,
        }
    }

    pub(super) fn into_refusal(
        self,
        requirement: &'static Requirement,
        refusals: &Refusals,
        parts: &Parts,
    ) -> Refusal {
        let kind = match self.cause {
            Cause::Policy(lack) => kind_of(lack),
            Cause::UndemandedDetails => RefusalKind::UndemandedDetails,
            Cause::Check(_, CheckRejection::Denied) => RefusalKind::Denied,
            Cause::Check(_, CheckRejection::Response(response)) => {
                return refusals.refuse_by_check(*response, requirement);
            }
        };
        refusals.refuse_for_scopes(kind, requirement, self.scope_set, parts)
    }
}

fn kind_of(lack: Lack) -> RefusalKind {
    match lack {
        Lack::Authentication => RefusalKind::InsufficientAuthentication,
        Lack::Proof => RefusalKind::ProofRequired,
        Lack::Authorization => RefusalKind::InsufficientScope,
    }
}
