//! Collects the facts of a decision while the guard decides, and reports them to the application.

use http::request::Parts;

use crate::audit::{Audit, CheckResult, Decision, RequestLine};
use crate::identity::AccessToken;
use crate::policy::Operation;
use crate::refusal::Refusal;
use crate::server::ResourceServer;

/// The facts of a decision. The record stays empty if the application has no `on_decision`
/// callback.
#[derive(Default)]
pub(super) struct DecisionRecord {
    audit: Option<Audit>,
    token: Option<AccessToken>,
    checks: Vec<CheckResult>,
}

impl DecisionRecord {
    pub(super) fn new(server: &ResourceServer) -> Self {
        Self { audit: server.audit().cloned(), ..Self::default() }
    }

    pub(super) fn note_token(&mut self, token: &AccessToken) {
        if self.audit.is_some() {
            self.token = Some(token.clone());
        }
    }

    pub(super) fn note_check(&mut self, name: &'static str, passed: bool) {
        if self.audit.is_some() {
            self.checks.push(CheckResult { name, passed });
        }
    }

    /// Reports the decision. `refusal` is `None` if the guard allows the request.
    pub(super) fn report(
        &self,
        parts: &Parts,
        operation: &'static Operation,
        refusal: Option<&Refusal>,
    ) {
        if let Some(audit) = &self.audit {
            audit.report(&Decision {
                operation,
                request: RequestLine::of(parts),
                token: self.token.as_ref(),
                refusal: refusal.map(|refusal| (refusal.kind(), refusal.status())),
                checks: &self.checks,
            });
        }
    }
}

/// Reports that a cached token alone granted the request. This function is not inlined, so that the
/// code for cached tokens stays small.
#[cold]
#[inline(never)]
pub(super) fn report_granted(
    audit: &Audit,
    parts: &Parts,
    operation: &'static Operation,
    token: &AccessToken,
) {
    let request = RequestLine::of(parts);
    let token = Some(token);
    audit.report(&Decision { operation, request, token, refusal: None, checks: &[] });
}
