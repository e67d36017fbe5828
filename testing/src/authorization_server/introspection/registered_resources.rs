//! Validates the protected resources of an authorization server, and authenticates them.

use axum::http::HeaderMap;
use axum_protected::Algorithm;
use serde_json::Value;

use super::client_assertion::ClientAssertion;
use super::protected_resource::{ProtectedResource, ResourceCredential};
use crate::authorization_server::credentials::Credentials;
use crate::authorization_server::error::{ErrorCode, OAuthError};
use crate::authorization_server::parameters::Parameters;
use crate::authorization_server::registered_clients::{is_visible, repeated};
use crate::authorization_server::secret::is_same;
use crate::authorization_server::{ALGORITHMS, AUDIENCE};

/// The protected resources that may introspect tokens. There is at least one.
#[cfg_attr(test, derive(Debug))]
pub(in super::super) struct RegisteredResources(Vec<ProtectedResource>);

impl RegisteredResources {
    /// Validates protected resources. Returns `None` if there are none, and the messages of all
    /// problems if one is invalid.
    pub(in super::super) fn read(
        resources: Vec<ProtectedResource>,
    ) -> Result<Option<Self>, Vec<String>> {
        let ids: Vec<String> = resources.iter().map(|resource| resource.id.clone()).collect();
        let repeated =
            repeated(&ids).map(|id| format!("the protected resource `{id}` is registered twice"));
        let problems: Vec<String> =
            repeated.chain(resources.iter().flat_map(problems_of)).collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let registered: Vec<_> = resources.into_iter().map(with_an_audience).collect();
        Ok(if registered.is_empty() { None } else { Some(Self(registered)) })
    }

    /// Returns the resource that has sent the request. `audiences` are the values that identify
    /// this server in an assertion.
    pub(super) fn authenticate(
        &self,
        headers: &HeaderMap,
        parameters: &Parameters,
        audiences: &[&str],
    ) -> Result<&ProtectedResource, OAuthError> {
        let credentials = Credentials::read(headers, parameters)?;
        let assertion = match &credentials {
            Credentials::Assertion(assertion) => ClientAssertion::read(assertion),
            _ => None,
        };
        let is_caller = |resource: &&ProtectedResource| match (&credentials, &resource.credential) {
            (Credentials::Secret { id, secret: Some(secret) }, ResourceCredential::Secret(own)) => {
                *id == resource.id && is_same(own, secret)
            }
            (Credentials::Bearer(token), ResourceCredential::BearerToken(own)) => {
                is_same(own, token)
            }
            (Credentials::Assertion(_), ResourceCredential::Keys(jwks)) => assertion
                .as_ref()
                .is_some_and(|assertion| assertion.is_of(&resource.id, jwks, audiences)),
            _ => false,
        };
        self.0.iter().find(is_caller).ok_or_else(|| {
            ErrorCode::InvalidClient.because("unknown protected resource or incorrect credential")
        })
    }
}

fn with_an_audience(mut resource: ProtectedResource) -> ProtectedResource {
    if resource.audiences.is_empty() {
        resource.audiences.push(AUDIENCE.to_owned());
    }
    resource
}

fn problems_of(resource: &ProtectedResource) -> Vec<String> {
    let id = &resource.id;
    let mut problems = Vec::new();
    if !is_visible(id) {
        problems.push(format!("the id {id:?} of a protected resource is not printable ASCII"));
    }
    let is_usable = match &resource.credential {
        ResourceCredential::Secret(text) | ResourceCredential::BearerToken(text) => {
            is_visible(text)
        }
        ResourceCredential::Keys(jwks) => jwks.get("keys").is_some_and(Value::is_array),
    };
    if !is_usable {
        problems.push(format!(
            "the credential of the protected resource `{id}` is neither printable ASCII nor a JWK \
             set"
        ));
    }
    let is_known = |algorithm: &Algorithm| ALGORITHMS.contains(algorithm);
    if resource.introspection_signed_response_alg.is_some_and(|alg| !is_known(&alg)) {
        problems.push(format!(
            "the algorithm of the answers to the protected resource `{id}` is not RS256, ES256 or \
             EdDSA"
        ));
    }
    problems
}
