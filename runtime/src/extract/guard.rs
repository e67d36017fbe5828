//! Allows or refuses one request: first by the token, then by the application's checks if their
//! result can change the decision.

use std::any::TypeId;

use http::request::Parts;
use tracing::Instrument;

use super::access_token::{unauthenticated, verify};
use super::admission::{Admission, AdmissionFuture, Admitted};
use super::decision_record::{DecisionRecord, report_granted};
use super::denial::{Cause, Denial};
use super::erased_policy::{ChecksOn, Question};
use super::guarded_request::combination;
use super::proof_memory::{count_proof, is_remembered, open, remember, seal_values};
use super::request_token::recognize;
use super::undemanded_details::{note_admission, refuses_details};
use crate::check::CheckList;
use crate::error::TokenError;
use crate::identity::AccessToken;
use crate::policy::{Answers, Facts, Lack, Operation, Verdict, judge};
use crate::refusal::Refusal;
use crate::server::{HasResourceServer, ResourceServer};
use crate::telemetry::{self, Lookup};

/// Returns the token of the request if the guard allows the request, and otherwise the refusal. The
/// compiler generates this function once for all policies with the same checks, because the code
/// that it generates for each handler must be small.
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
    if !operation.is_handler {
        count_proof(parts);
    }
    // The token is also attached for checks, because a check may extract it from the request.
    let attaches = operation.is_asked_about_again() || C::COUNT > 0;
    match admit_cached(parts, state.resource_server(), operation, attaches) {
        Ok(token) => Admission::Granted(Some(token)),
        Err(rest) => Admission::Pending(admit_boxed::<C, S>(parts, state, operation, policy, rest)),
    }
}

/// Reason why a cached token alone did not grant a request.
enum NotGranted {
    /// The token is valid. The `Verdict` is the verdict before any check has run.
    Verdict(AccessToken, Verdict),
    /// The signature of the token was verified earlier, but the token has become invalid.
    Invalid(TokenError),
    /// The token is neither attached to the request nor cached, or the request has no token.
    Unverified,
}

/// Returns the token if its signature was verified before, it is still valid, and it satisfies the
/// policy without running a check.
fn admit_cached(
    parts: &mut Parts,
    server: &ResourceServer,
    operation: &'static Operation,
    attaches: bool,
) -> Result<AccessToken, NotGranted> {
    server.record_page(parts, operation);
    let now = server.now();
    let token = match recognize(parts, server, now, attaches) {
        Some(Ok(token)) => token,
        Some(Err(error)) => return Err(NotGranted::Invalid(error)),
        None => return Err(NotGranted::Unverified),
    };
    let facts = Facts { token: &token, now };
    let verdict = judge(&operation.requirement, &facts, Answers::default());
    // A handler that takes the value of a check needs a `ProofMemory`, even if the token suffices: it
    // tells the argument that the check did not run.
    if verdict != Verdict::Grant
        || operation.values > 0
        || refuses_details(parts, server, operation, &token)
    {
        return Err(NotGranted::Verdict(token, verdict));
    }
    note_admission(parts, server, operation, &token);
    telemetry::authorized(operation.name, Lookup::Hit);
    if let Some(audit) = server.audit() {
        report_granted(audit, parts, operation, &token);
    }
    Ok(token)
}

/// Returns the boxed future that decides on a request that needs more than a cached token. The
/// function is not inlined, so that the code for cached tokens stays small.
#[inline(never)]
fn admit_boxed<'a, C, S>(
    parts: &'a mut Parts,
    state: &'a S,
    operation: &'static Operation,
    policy: TypeId,
    rest: NotGranted,
) -> AdmissionFuture<'a>
where
    C: CheckList<S> + 'a,
    S: HasResourceServer + Send + Sync + 'static,
{
    let admission = Box::pin(async move {
        let checks = ChecksOn::<C, S>::new(state);
        let question = checks.question(operation, policy);
        authorize_and_report(parts, question, rest).await
    });
    let span = telemetry::authorize(operation.name);
    if span.is_disabled() {
        return admission;
    }
    Box::pin(Instrument::instrument(admission as AdmissionFuture<'_>, span))
}

/// Decides on the request and reports the decision to the `on_decision` callback, if there is one.
async fn authorize_and_report(
    parts: &mut Parts,
    question: Question<'_>,
    rest: NotGranted,
) -> Result<Admitted, Refusal> {
    let mut record = DecisionRecord::new(question.server);
    let result = authorize(parts, question, rest, &mut record).await;
    record.report(parts, question.operation, result.as_ref().err());
    result
}

async fn authorize(
    parts: &mut Parts,
    question: Question<'_>,
    rest: NotGranted,
    record: &mut DecisionRecord,
) -> Result<Admitted, Refusal> {
    let Question { server, operation, .. } = question;
    let (token, lookup, verdict) = match rest {
        NotGranted::Verdict(token, verdict) => (token, Lookup::Hit, Some(verdict)),
        NotGranted::Invalid(error) => {
            return Err(unauthenticated(error, server, operation, parts));
        }
        NotGranted::Unverified => {
            let (token, lookup) = verify(parts, server, operation).await?;
            (token, lookup, None)
        }
    };
    record.note_token(&token);
    let remembers = operation.is_handler && question.checks.count() > 0;
    let memory = remembers.then(|| open(parts, question, &token));
    let decision = if refuses_details(parts, server, operation, &token) {
        Err(Denial::UNDEMANDED_DETAILS)
    } else {
        decide(parts, question, &token, verdict, record).await
    };
    if let Err(denial) = decision {
        let policy = &operation.requirement;
        telemetry::refused(operation.name, denial.code(), policy, denial.check(), lookup);
        let facts = Facts { token: &token, now: server.now() };
        let stated = combination(parts, operation).unwrap_or(operation);
        return Err(denial
            .for_combination(&operation.requirement, &stated.requirement, &facts, server.refusals())
            .into_refusal(&stated.requirement, server.refusals(), parts));
    }
    note_admission(parts, server, operation, &token);
    telemetry::authorized(operation.name, lookup);
    if memory.is_some() {
        seal_values(parts);
    }
    // If the handler has no argument that reads the `ProofMemory`, nothing uses it after this point,
    // so its owner is dropped here.
    Ok(Admitted { token, memory: memory.filter(|_| operation.reads_memory()) })
}

/// Decides on the request by the policy and its checks. Uses `verdict` as the verdict before any
/// check, if it is given.
pub(super) async fn decide(
    parts: &mut Parts,
    question: Question<'_>,
    token: &AccessToken,
    verdict: Option<Verdict>,
    record: &mut DecisionRecord,
) -> Result<(), Denial> {
    let facts = Facts { token, now: question.server.now() };
    let judge_with = |answers| judge(&question.operation.requirement, &facts, answers);
    let mut answers = Answers::default();
    let mut verdict = verdict.unwrap_or_else(|| judge_with(answers));
    if matches!(verdict, Verdict::Ask(_)) && is_remembered(parts, question, token) {
        answers = Answers::yes();
        verdict = judge_with(answers);
    }
    let mut rejection = None;
    loop {
        match verdict {
            Verdict::Grant => break,
            // A user authentication that is too weak or too old takes precedence, because the user
            // can authenticate again. In all other cases, the cause is the check that decided.
            Verdict::Refuse(lack) => {
                let requirement = &question.operation.requirement;
                let sets = question.server.refusals().scope_sets(requirement);
                return Err(Denial {
                    cause: match (lack, rejection) {
                        (Lack::Authorization, Some((name, rejection))) => {
                            Cause::Check(name, rejection)
                        }
                        _ => Cause::Policy(lack),
                    },
                    scope_set: sets.to_name(requirement, &facts, answers, lack, &[]),
                });
            }
            Verdict::Ask(index) => {
                let answer = question.checks.run(index, parts).await;
                answers.note(index, answer.is_ok());
                let name = question.checks.name(index);
                record.note_check(name, answer.is_ok());
                rejection = answer.err().map(|answer| (name, answer)).or(rejection);
                verdict = judge_with(answers);
            }
        }
    }
    if question.checks.count() > 0 {
        remember(parts, question, token);
    }
    Ok(())
}
