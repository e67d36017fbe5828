//! A named policy as a check of another policy.

use std::any::TypeId;
use std::marker::PhantomData;

use http::request::Parts;

use super::access_token::authenticate;
use super::decision_record::DecisionRecord;
use super::denial::Cause;
use super::erased_policy::{ChecksOn, Question};
use super::guard::decide;
use crate::check::{Check, CheckList, CheckRejection};
use crate::policy::Policy;
use crate::server::HasResourceServer;

/// Runs a named policy as a check of another policy. Returns an error if the named policy refuses
/// the request. The guard of the other policy decides if this refusal changes its decision, and
/// logs it.
async fn check(parts: &mut Parts, question: Question<'_>) -> Result<(), CheckRejection> {
    let Question { server, operation, .. } = question;
    let (token, _) =
        authenticate(parts, server, operation).await.map_err(CheckRejection::from_response)?;
    // The guard of the other policy reports the result of this named policy as one check.
    let mut record = DecisionRecord::default();
    decide(parts, question, &token, None, &mut record).await.map_err(|denial| match denial.cause {
        // The guard that runs this named policy responds as if the check were its own.
        Cause::Check(_, rejection) => rejection,
        Cause::Policy(_) | Cause::UndemandedDetails => {
            let refusal = denial.into_refusal(&operation.requirement, server.refusals(), parts);
            CheckRejection::from_response(refusal)
        }
    })
}

/// The named policy `P`, used as a check of another policy.
#[doc(hidden)]
pub struct Named<P>(PhantomData<fn() -> P>);

impl<P, S> Check<S> for Named<P>
where
    P: Policy<Checks: CheckList<S>> + 'static,
    S: HasResourceServer + Send + Sync + 'static,
{
    const NAME: &'static str = P::OPERATION.name;

    async fn check(parts: &mut Parts, state: &S) -> Result<(), CheckRejection> {
        let checks = ChecksOn::<P::Checks, S>::new(state);
        check(parts, checks.question(const { &P::OPERATION }, TypeId::of::<P>())).await
    }
}

impl<P> std::fmt::Debug for Named<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Named").finish_non_exhaustive()
    }
}
