//! Reports each decision of a guard to the application, for an audit log.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use http::request::Parts;
use http::{Method, StatusCode};

use crate::error::RefusalKind;
use crate::identity::AccessToken;
use crate::policy::Operation;
use crate::telemetry;

/// A decision of a guard on one request.
/// [`on_decision`](crate::ResourceServerBuilder::on_decision) sets the callback that receives it.
///
/// The headers and the query of the request are not part of a decision, because they may contain
/// the credential. The `Debug` output contains no claims.
#[derive(Debug)]
pub struct Decision<'a> {
    pub(crate) operation: &'static Operation,
    pub(crate) request: RequestLine<'a>,
    pub(crate) token: Option<&'a AccessToken>,
    pub(crate) refusal: Option<(RefusalKind, StatusCode)>,
    pub(crate) checks: &'a [CheckResult],
}

/// The part of a request that a decision shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestLine<'a> {
    method: &'a Method,
    path: &'a str,
}

impl<'a> RequestLine<'a> {
    pub(crate) fn of(parts: &'a Parts) -> Self {
        Self { method: &parts.method, path: parts.uri.path() }
    }
}

/// The result of one check of the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckResult {
    /// The name of the check: the path of its function, or the name of the named policy.
    pub name: &'static str,
    /// True if the check passed.
    pub passed: bool,
}

impl Decision<'_> {
    /// Returns the name of the operation: the path of the handler or of the policy.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation.name
    }

    /// Returns the method of the request.
    #[must_use]
    pub fn method(&self) -> &Method {
        self.request.method
    }

    /// Returns the path of the request without its query. In a nested router, axum has removed the
    /// prefix of the router from this path.
    #[must_use]
    pub fn path(&self) -> &str {
        self.request.path
    }

    /// Returns the verified token. Returns `None` if the request has no valid token.
    #[must_use]
    pub fn token(&self) -> Option<&AccessToken> {
        self.token
    }

    /// Returns true if the guard allowed the request.
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// Returns the rule that the request failed. Returns `None` if the guard allowed the request.
    #[must_use]
    pub fn refusal(&self) -> Option<RefusalKind> {
        self.refusal.map(|(kind, _)| kind)
    }

    /// Returns the status of the refusal. Returns `None` if the guard allowed the request.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.refusal.map(|(_, status)| status)
    }

    /// Returns the results of the checks that ran for this decision, in their order. A check does
    /// not run if its result cannot change the decision, or if an earlier guard of the same handler
    /// ran it.
    #[must_use]
    pub fn checks(&self) -> &[CheckResult] {
        self.checks
    }
}

/// The callback of [`on_decision`](crate::ResourceServerBuilder::on_decision).
#[derive(Clone)]
pub(crate) struct Audit(Arc<dyn Fn(&Decision<'_>) + Send + Sync>);

impl Audit {
    pub(crate) fn new(callback: impl Fn(&Decision<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(callback))
    }

    /// Calls the callback. A panic in the callback is logged, because an audit log must not change
    /// decisions.
    pub(crate) fn report(&self, decision: &Decision<'_>) {
        if catch_unwind(AssertUnwindSafe(|| (self.0)(decision))).is_err() {
            telemetry::audit_panicked(decision.operation());
        }
    }
}

impl fmt::Debug for Audit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Audit").finish_non_exhaustive()
    }
}
