//! The builder of a server's refusals.

use std::fmt;
use std::sync::Arc;

use axum_core::response::Response;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;
use http::{HeaderValue, StatusCode};

use super::challenge::ChallengeSettings;
use super::negotiation::Negotiation;
use super::response_cache::{Key, Texts};
use super::used_scheme::UsedScheme;
use super::{CustomBody, Refusal};
use crate::dpop::DpopJudge;
use crate::error::{RefusalKind, TokenError};
use crate::policy::{Requirement, ScopeSets};

/// Builds the refusals of one server, all with the same settings of challenges and the same body
/// function.
pub(crate) struct Refusals {
    challenge: ChallengeSettings,
    /// The source of nonces. `None` if the server takes no proofs.
    dpop: Option<Arc<DpopJudge>>,
    body: Option<RefusalBody>,
    texts: Texts,
}

/// The application's function that builds the response body of a refusal. It returns `None` for the
/// problem document.
#[derive(Clone)]
pub(crate) struct RefusalBody(pub(super) Arc<BodyFunction>);

type BodyFunction = dyn Fn(&Refusal) -> Option<Response> + Send + Sync;

impl RefusalBody {
    pub(crate) fn new<R: Into<Option<Response>>>(
        body: impl Fn(&Refusal) -> R + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(move |refusal| body(refusal).into()))
    }
}

impl Refusals {
    pub(crate) fn new(
        challenge: ChallengeSettings,
        dpop: Option<Arc<DpopJudge>>,
        body: Option<RefusalBody>,
    ) -> Self {
        Self { challenge, dpop, body, texts: Texts::default() }
    }

    /// Returns the builder of the same refusals with another metadata URL.
    pub(crate) fn with_resource_metadata(&self, resource_metadata: Option<String>) -> Self {
        let challenge = ChallengeSettings { resource_metadata, ..self.challenge.clone() };
        Self::new(challenge, self.dpop.clone(), self.body.clone())
    }

    /// Builds the refusal of a request to an operation with this requirement. The challenge names
    /// the scopes of the first of the requirement's [`scope_sets`](Self::scope_sets).
    pub(crate) fn refuse(
        &self,
        error: impl Into<TokenError>,
        requirement: &'static Requirement,
        parts: &Parts,
    ) -> Refusal {
        self.refuse_for_scopes(error, requirement, Some(0), parts)
    }

    /// Builds the refusal of a request. `scope_set` is an index into the requirement's
    /// [`scope_sets`](Self::scope_sets), and the challenge names the scopes of that set.
    pub(crate) fn refuse_for_scopes(
        &self,
        error: impl Into<TokenError>,
        requirement: &'static Requirement,
        scope_set: Option<usize>,
        parts: &Parts,
    ) -> Refusal {
        let error = error.into();
        let kind = error.kind();
        let key = Key { kind, requirement, scope_set, used: self.used_scheme(parts) };
        let text = self.texts.text(key, |sets| self.challenge.build(key, sets));
        let body = self.body.clone().map(|body| {
            let negotiation = Negotiation::of(parts);
            Box::new(CustomBody { body, negotiation })
        });
        Refusal::new(error, text, self.nonce(kind), body)
    }

    /// Returns the scheme whose challenge states the error. A server without proofs has one
    /// challenge only, so the request is not examined.
    fn used_scheme(&self, parts: &Parts) -> UsedScheme {
        match self.challenge.dpop {
            Some(_) => UsedScheme::of(&parts.headers),
            None => UsedScheme::Bearer,
        }
    }

    /// Returns the nonce of a refusal that demands one (RFC 9449 section 9). Other refusals have none,
    /// so that a nonce in a response always means that the client needs it.
    fn nonce(&self, kind: RefusalKind) -> Option<HeaderValue> {
        let dpop = self.dpop.as_deref().filter(|_| kind == RefusalKind::UseDpopNonce);
        dpop.and_then(DpopJudge::nonce)
    }

    /// Returns the sets of scopes that satisfy the scope demands of the requirement.
    pub(crate) fn scope_sets(&self, requirement: &'static Requirement) -> Arc<ScopeSets> {
        self.texts.scope_sets(requirement)
    }

    /// Builds a refusal from the response of a check. If the response is a 401 without a challenge,
    /// this method adds the challenges of the server (RFC 9110 section 11.6.1). They have no `error`,
    /// because only the check knows the reason for its 401.
    pub(crate) fn refuse_by_check(
        &self,
        mut response: Response,
        requirement: &Requirement,
    ) -> Refusal {
        let is_unauthorized = response.status() == StatusCode::UNAUTHORIZED;
        let headers = response.headers_mut();
        if is_unauthorized && !headers.contains_key(WWW_AUTHENTICATE) {
            for line in self.challenge.build_without_error(requirement).into_lines() {
                headers.append(WWW_AUTHENTICATE, line);
            }
        }
        Refusal::of_check(response)
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refusals").finish_non_exhaustive()
    }
}
