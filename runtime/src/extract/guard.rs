//! The decision on one request: the token first, then the application's checks where they matter.

use std::any::TypeId;
use std::marker::PhantomData;

use http::request::Parts;
use tracing::Instrument;

use super::access_token::{authenticate, unauthenticated, verify};
use super::admission::{Admission, Admitted, Decided};
use super::denial::{Cause, Denial};
use super::proof_memory::{is_remembered, open, remember};
use super::question::{Asked, ChecksOn};
use super::request_token::recognize;
use crate::check::{Check, CheckList, CheckRejection};
use crate::error::RefusalKind;
use crate::policy::{Answers, Facts, Lack, Operation, Policy, Verdict, judge, scopes_that_help};
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::telemetry::{self, Lookup};
use crate::token::AccessToken;

/// Lets the request through, with its token, or tells what to answer. The same for all policies of
/// the same checks: what is compiled for each handler has to be little.
pub(crate) fn admit<'a, C, S>(
    parts: &'a mut Parts,
    state: &'a S,
    operation: &'static Operation,
    policy: TypeId,
) -> Admission<'a>
where
    C: CheckList<S> + 'a,
    S: HasResourceServer + Send + Sync + 'static,
{
    // Checks read the token too.
    let carries = operation.is_asked_about_again() || C::COUNT > 0;
    match admit_at_once(parts, state.resource_server(), operation, carries) {
        Ok(token) => Admission::AtOnce(Some(token)),
        Err(found) => {
            let decided = admit_after_all::<C, S>(parts, state, operation, policy, found);
            Admission::Later(decided)
        }
    }
}

/// A request that a known token alone does not let through.
enum Found {
    /// The token is good, and this is the verdict as long as no check is asked.
    Judged(AccessToken, Verdict),
    /// The token was verified before and is not good any more.
    Refused(RefusalKind),
    /// Nobody has verified the token, if there is one.
    Unseen,
}

/// Where a token that was verified before is enough.
fn admit_at_once(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &Operation,
    carries: bool,
) -> Result<AccessToken, Found> {
    let now = server.now();
    let token = match recognize(parts, server, now, carries) {
        Some(Ok(token)) => token,
        Some(Err(kind)) => return Err(Found::Refused(kind)),
        None => return Err(Found::Unseen),
    };
    let facts = Facts { token: &token, now };
    let verdict = judge(&operation.requirement, &facts, Answers::default());
    if verdict != Verdict::Grant {
        return Err(Found::Judged(token, verdict));
    }
    telemetry::authorized(operation.name, Lookup::Hit);
    Ok(token)
}

/// One future for all policies of the same checks; apart from what a remembered token goes through.
#[inline(never)]
fn admit_after_all<'a, C, S>(
    parts: &'a mut Parts,
    state: &'a S,
    operation: &'static Operation,
    policy: TypeId,
    found: Found,
) -> Decided<'a>
where
    C: CheckList<S> + 'a,
    S: HasResourceServer + Send + Sync + 'static,
{
    let decided = Box::pin(async move {
        let checks = ChecksOn::<C, S>::new(state);
        let asked = checks.asked(operation, policy);
        admit_asked(parts, asked, found).await
    });
    let span = telemetry::authorize(operation.name);
    if span.is_disabled() {
        return decided;
    }
    Box::pin(Instrument::instrument(decided as Decided<'_>, span))
}

async fn admit_asked(
    parts: &mut Parts,
    asked: Asked<'_>,
    found: Found,
) -> Result<Admitted, Refusal> {
    let Asked { server, operation, .. } = asked;
    let (token, lookup, verdict) = match found {
        Found::Judged(token, verdict) => (token, Lookup::Hit, Some(verdict)),
        Found::Refused(kind) => {
            return Err(unauthenticated(kind.into(), server, operation));
        }
        Found::Unseen => {
            let token = verify(parts, server, operation).await?;
            (token, Lookup::Miss, None)
        }
    };
    let remembers = operation.is_handler && asked.checks.count() > 0;
    let life = remembers.then(|| open(parts, asked, &token));
    if let Err(no) = decide(parts, asked, &token, verdict).await {
        telemetry::refused(operation.name, no.code(), lookup);
        return Err(no.into_refusal(&operation.requirement, server.refusals()));
    }
    telemetry::authorized(operation.name, lookup);
    Ok(Admitted { token, life })
}

/// Goes on from a verdict without any answer, where there is one.
async fn decide(
    parts: &mut Parts,
    asked: Asked<'_>,
    token: &AccessToken,
    verdict: Option<Verdict>,
) -> Result<(), Denial> {
    let facts = Facts { token, now: asked.server.now() };
    let judged = |answers| judge(&asked.operation.requirement, &facts, answers);
    let mut answers = Answers::default();
    let mut verdict = verdict.unwrap_or_else(|| judged(answers));
    if matches!(verdict, Verdict::Ask(_)) && is_remembered(parts, asked, token) {
        answers = Answers::yes();
        verdict = judged(answers);
    }
    let mut rejection = None;
    loop {
        match verdict {
            Verdict::Grant => break,
            // The caller can mend a weak authentication, so it comes first. Otherwise the check
            // that decided knows the cause.
            Verdict::Refuse(Lack::Authentication) => {
                return Err(Denial {
                    cause: Cause::Lacks(Lack::Authentication),
                    scope_set: Some(0),
                });
            }
            Verdict::Refuse(lack) => {
                return Err(Denial {
                    cause: rejection.map_or(Cause::Lacks(lack), Cause::Checked),
                    scope_set: scopes_that_help(&asked.operation.requirement, &facts, answers),
                });
            }
            Verdict::Ask(index) => {
                let answer = asked.checks.ask(index, parts).await;
                answers.note(index, answer.is_ok());
                rejection = answer.err().or(rejection);
                verdict = judged(answers);
            }
        }
    }
    if asked.checks.count() > 0 {
        remember(parts, asked, token);
    }
    Ok(())
}

/// The refusal is that of the policy by itself; whether it counts, who asks decides and logs.
async fn check(parts: &mut Parts, asked: Asked<'_>) -> Result<(), CheckRejection> {
    let Asked { server, operation, .. } = asked;
    let found = authenticate(parts, server, operation).await;
    let (token, _) = found.map_err(CheckRejection::from_response)?;
    let decided = decide(parts, asked, &token, None).await;
    decided.map_err(|no| {
        CheckRejection::from_response(no.into_refusal(&operation.requirement, server.refusals()))
    })
}

/// A policy as a check of another.
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
        let asked = checks.asked(const { &P::OPERATION }, TypeId::of::<P>());
        check(parts, asked).await
    }
}

impl<P> std::fmt::Debug for Named<P> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Named").finish_non_exhaustive()
    }
}
