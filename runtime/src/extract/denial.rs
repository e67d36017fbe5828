//! A decision against a request, and its answer.

use crate::check::CheckRejection;
use crate::error::RefusalKind;
use crate::policy::{Lack, Requirement};
use crate::refusal::{Refusal, Refusals};

/// A decision against the request.
pub(super) struct Denial {
    pub(super) cause: Cause,
    /// The scopes to name, by their index among the requirement's scope sets.
    pub(super) scope_set: Option<usize>,
}

pub(super) enum Cause {
    Lacks(Lack),
    Checked(CheckRejection),
}

impl Denial {
    pub(super) fn code(&self) -> &'static str {
        match &self.cause {
            Cause::Lacks(lack) => kind_of(*lack).code(),
            Cause::Checked(CheckRejection::Denied) => RefusalKind::Denied.code(),
            Cause::Checked(CheckRejection::Response(_)) => "rejected_by_check",
        }
    }

    pub(super) fn into_refusal(
        self,
        requirement: &'static Requirement,
        refusals: &Refusals,
    ) -> Refusal {
        let kind = match self.cause {
            Cause::Lacks(lack) => kind_of(lack),
            Cause::Checked(CheckRejection::Denied) => RefusalKind::Denied,
            Cause::Checked(CheckRejection::Response(response)) => {
                return refusals.refuse_by_check(*response);
            }
        };
        refusals.refuse_for_scopes(kind, requirement, self.scope_set)
    }
}

fn kind_of(lack: Lack) -> RefusalKind {
    match lack {
        Lack::Authentication => RefusalKind::InsufficientAuthentication,
        Lack::Authorization => RefusalKind::InsufficientScope,
    }
}
