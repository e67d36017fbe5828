//! The builder of a server's refusals.

use std::fmt;
use std::sync::Arc;

use axum_core::response::Response;
use http::StatusCode;
use http::header::WWW_AUTHENTICATE;
use http::request::Parts;

use super::challenge::ChallengeSettings;
use super::negotiation::Negotiation;
use super::response_cache::{Key, Texts};
use super::{CustomBody, Refusal};
use crate::error::TokenError;
use crate::policy::{Requirement, ScopeSets};

/// Builds the refusals of one server, all with the same settings of challenges and the same body
/// function.
pub(crate) struct Refusals {
    challenge: ChallengeSettings,
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
    pub(crate) fn new(challenge: ChallengeSettings, body: Option<RefusalBody>) -> Self {
        Self { challenge, body, texts: Texts::default() }
    }

    /// Returns the builder of the same refusals with another metadata URL.
    pub(crate) fn with_resource_metadata(&self, resource_metadata: Option<String>) -> Self {
        let challenge = ChallengeSettings { resource_metadata, ..self.challenge.clone() };
        Self::new(challenge, self.body.clone())
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
        let key = Key { kind: error.kind(), requirement, scope_set };
        let text = self.texts.text(key, |sets| self.challenge.build(key, sets));
        let body = self.body.clone().map(|body| {
            let negotiation = Negotiation::of(parts);
            Box::new(CustomBody { body, negotiation })
        });
        Refusal::new(error, text, body)
    }

    /// Returns the sets of scopes that satisfy the scope demands of the requirement.
    pub(crate) fn scope_sets(&self, requirement: &'static Requirement) -> Arc<ScopeSets> {
        self.texts.scope_sets(requirement)
    }

    /// Builds a refusal from the response of a check. If the response is a 401 without a challenge,
    /// this method adds one (RFC 9110 section 11.6.1). The added challenge has no `error`, because
    /// only the check knows the reason for its 401.
    pub(crate) fn refuse_by_check(&self, mut response: Response) -> Refusal {
        let headers = response.headers();
        if response.status() == StatusCode::UNAUTHORIZED && !headers.contains_key(WWW_AUTHENTICATE)
        {
            let challenge = self.challenge.build_without_error();
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        Refusal::of_check(response)
    }
}

impl fmt::Debug for Refusals {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Refusals").finish_non_exhaustive()
    }
}
