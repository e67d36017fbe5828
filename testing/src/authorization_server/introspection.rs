//! The introspection endpoint (RFC 7662).

mod answer;
mod behaviour;
mod client_assertion;
mod protected_resource;
mod registered_resources;

use std::fmt;
use std::future::pending;
use std::sync::{Arc, PoisonError, RwLock};

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use axum_protected::clock::{Clock, SystemClock};
use serde_json::{Map, Value};
use tokio::time::sleep;

pub use self::behaviour::IntrospectionEndpoint;
pub use self::protected_resource::ProtectedResource;

pub(super) use self::registered_resources::RegisteredResources;

use self::answer::{SIGNED, answer, signed};
use super::endpoint_state::EndpointState;
use super::error::{ErrorCode, OAuthError};
use super::issued_tokens::IssuedTokens;
use super::parameters::Parameters;
use crate::signing_keys::SigningKeys;
use crate::token::{TokenBuilder, since_epoch};

/// The state of the introspection endpoint.
pub(super) struct Introspection {
    issuer: String,
    resources: RegisteredResources,
    keys: Arc<RwLock<SigningKeys>>,
    tokens: Arc<IssuedTokens>,
    pub(super) endpoint: EndpointState<IntrospectionEndpoint>,
}

impl fmt::Debug for Introspection {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Introspection")
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}

/// Returns the endpoint, which only protected resources call.
pub(super) fn router(introspection: &Arc<Introspection>) -> Router {
    Router::new().route("/introspect", post(introspect)).with_state(Arc::clone(introspection))
}

async fn introspect(
    State(introspection): State<Arc<Introspection>>,
    headers: HeaderMap,
    form: Result<Form<Vec<(String, String)>>, FormRejection>,
) -> Response {
    introspection.endpoint.count_request();
    let behaviour = introspection.endpoint.get();
    match &behaviour {
        IntrospectionEndpoint::Silent => return pending().await,
        IntrospectionEndpoint::Slow(time) => sleep(*time).await,
        IntrospectionEndpoint::Status(status) => return status.into_response(),
        IntrospectionEndpoint::Body { content_type, body } => {
            return typed(content_type, body.clone());
        }
        IntrospectionEndpoint::Available | IntrospectionEndpoint::Answer(_) => {}
    }
    let Ok(Form(pairs)) = form else {
        return ErrorCode::InvalidRequest.because("the body is not a form").into_response();
    };
    match introspection.answer(&headers, &Parameters::new(pairs), &behaviour) {
        Ok(response) => ([(CACHE_CONTROL, "no-store")], response).into_response(),
        Err(error) => ([(CACHE_CONTROL, "no-store")], error).into_response(),
    }
}

fn typed(content_type: &str, body: String) -> Response {
    let mut response = (StatusCode::OK, body).into_response();
    response.headers_mut().remove(CONTENT_TYPE);
    if let Ok(content_type) = HeaderValue::from_str(content_type) {
        response.headers_mut().insert(CONTENT_TYPE, content_type);
    }
    response
}

impl Introspection {
    pub(super) fn new(
        issuer: &str,
        resources: RegisteredResources,
        keys: &Arc<RwLock<SigningKeys>>,
        tokens: &Arc<IssuedTokens>,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            resources,
            keys: Arc::clone(keys),
            tokens: Arc::clone(tokens),
            endpoint: EndpointState::default(),
        }
    }

    fn answer(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
        behaviour: &IntrospectionEndpoint,
    ) -> Result<Response, OAuthError> {
        let endpoint = format!("{}/introspect", self.issuer);
        let audiences = [self.issuer.as_str(), endpoint.as_str()];
        let resource = self.resources.authenticate(headers, parameters, &audiences)?;
        // The hint does not decide the answer (RFC 7662 section 2.1).
        let token = parameters.required("token")?;
        let answer = match behaviour {
            IntrospectionEndpoint::Answer(answer) => answer.clone(),
            _ => answer(self.claims(token), resource, since_epoch(SystemClock.now())),
        };
        match resource.introspection_signed_response_alg.filter(|_| accepts_signed(headers)) {
            Some(algorithm) => {
                let token = TokenBuilder::new(&self.keys(), &self.issuer, &resource.id);
                Ok(typed(SIGNED, signed(token, algorithm, &answer)))
            }
            None => Ok(Json(answer).into_response()),
        }
    }

    /// Returns the claims of an access token of this server that has not been revoked.
    fn claims(&self, token: &str) -> Option<Map<String, Value>> {
        let claims = self.tokens.claims(token).or_else(|| self.keys().verify(token))?;
        let session = claims.get("sid").and_then(Value::as_str);
        (!self.tokens.is_revoked(token, session)).then_some(claims)
    }

    fn keys(&self) -> SigningKeys {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Returns true if the request prefers a signed answer to plain JSON.
fn accepts_signed(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(ACCEPT).iter().filter_map(|line| line.to_str().ok());
    let mut types = lines.flat_map(|line| line.split(','));
    types.any(|range| {
        range.split(';').next().is_some_and(|range| range.trim().eq_ignore_ascii_case(SIGNED))
    })
}
