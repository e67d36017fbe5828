//! The decision on one request: the token first, then the application's checks where they matter.

use std::any::TypeId;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use tracing::Instrument;

use super::asking::{Asked, ChecksOn};
use super::check::{Check, CheckList, CheckRejection};
use super::denial::{Cause, Denial};
use super::granted::{Life, is_remembered, open, remember};
use super::token::authenticate;
use crate::policy::{Answers, Facts, Lack, Operation, Policy, Verdict, judge, scopes_that_help};
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
    match admit_at_once(parts, state.resource_server(), operation) {
        Some(token) => Admission::AtOnce(Some(token)),
        None => Admission::Later(admit_after_all::<C, S>(parts, state, operation, policy)),
    }
}

/// The token of a request that is let through.
pub(crate) struct Admitted {
    pub(super) token: AccessToken,
    /// Where there is a memory of proofs that ends with the guard.
    pub(super) life: Option<Life>,
}

/// What the handler's own future holds of all this, which is compiled for each handler: a pointer,
/// and only where there is something to wait for or to refuse.
pub(crate) enum Admission<'a> {
    AtOnce(Option<AccessToken>),
    Later(Decided<'a>),
}

type Decided<'a> = Pin<Box<dyn Future<Output = Result<Admitted, Response>> + Send + 'a>>;

impl Future for Admission<'_> {
    type Output = Result<Admitted, Response>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut *self {
            // Nobody asks again for what was given.
            Self::AtOnce(token) => token.take().map_or(Poll::Pending, |token| {
                Poll::Ready(Ok(Admitted { token, life: None }))
            }),
            Self::Later(later) => later.as_mut().poll(context),
        }
    }
}

/// Where a token that was verified before is enough.
fn admit_at_once(
    parts: &Parts,
    server: &ResourceServer,
    operation: &Operation,
) -> Option<AccessToken> {
    let token = server.remembered(parts)?;
    let facts = Facts {
        token: &token,
        now: server.now(),
    };
    if judge(&operation.requirement, &facts, Answers::default()) != Verdict::Grant {
        return None;
    }
    telemetry::authorized(operation.name, Lookup::Hit);
    Some(token)
}

/// One future for all policies of the same checks; apart from what a remembered token goes through.
#[inline(never)]
fn admit_after_all<'a, C, S>(
    parts: &'a mut Parts,
    state: &'a S,
    operation: &'static Operation,
    policy: TypeId,
) -> Decided<'a>
where
    C: CheckList<S> + 'a,
    S: HasResourceServer + Send + Sync + 'static,
{
    let decided = Box::pin(async move {
        let checks = ChecksOn::<C, S>::new(state);
        let asked = checks.asked(operation, policy);
        admit_asked(parts, asked).await
    });
    let span = telemetry::authorize(operation.name);
    if span.is_disabled() {
        return decided;
    }
    Box::pin(Instrument::instrument(decided as Decided<'_>, span))
}

async fn admit_asked(parts: &mut Parts, asked: Asked<'_>) -> Result<Admitted, Response> {
    let Asked {
        server, operation, ..
    } = asked;
    let found = authenticate(parts, server, operation).await;
    let (token, lookup) = found.map_err(IntoResponse::into_response)?;
    let remembers = operation.is_handler && asked.checks.count() > 0;
    let life = remembers.then(|| open(parts, asked, &token));
    if let Err(no) = decide(parts, asked, &token).await {
        telemetry::refused(operation.name, no.code(), lookup);
        return Err(no.into_response(&operation.requirement, server.refusals()));
    }
    telemetry::authorized(operation.name, lookup);
    Ok(Admitted { token, life })
}

async fn decide(parts: &mut Parts, asked: Asked<'_>, token: &AccessToken) -> Result<(), Denial> {
    let facts = Facts {
        token,
        now: asked.server.now(),
    };
    let mut answers = if is_remembered(parts, asked, token) {
        Answers::yes()
    } else {
        Answers::default()
    };
    let mut rejection = None;
    loop {
        match judge(&asked.operation.requirement, &facts, answers) {
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
    let Asked {
        server, operation, ..
    } = asked;
    let found = authenticate(parts, server, operation).await;
    let (token, _) = found.map_err(CheckRejection::from_response)?;
    let decided = decide(parts, asked, &token).await;
    decided.map_err(|no| {
        CheckRejection::from_response(no.into_response(&operation.requirement, server.refusals()))
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
