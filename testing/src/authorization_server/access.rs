//! The access that a client requests, and the part of it that a token gets.

use serde_json::Value;

use super::authorization_details;
use super::error::OAuthError;
use super::parameters::Parameters;
use super::registered_clients::Registration;
use super::requested_scope::requested;
use super::resource;

/// Scopes, audiences and authorization details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Access {
    pub(super) scope: Vec<String>,
    /// The resources of RFC 8707. There is at least one.
    pub(super) audience: Vec<String>,
    /// The objects of RFC 9396.
    pub(super) details: Vec<Value>,
}

/// The part of the granted access that a token request names. What it does not name, it gets whole.
#[derive(Debug, Clone, Default)]
pub(super) struct NamedAccess<'a> {
    pub(super) scope: Option<&'a str>,
    pub(super) resources: Vec<&'a str>,
    pub(super) details: Option<Vec<Value>>,
}

impl Access {
    /// Reads the access that a request names. `scopes` are those that may be granted.
    pub(super) fn read(
        parameters: &Parameters,
        scopes: &[String],
        registration: &Registration,
    ) -> Result<Self, OAuthError> {
        let types = &registration.authorization_details_types;
        Ok(Self {
            scope: requested(parameters.get("scope")?, scopes)?,
            audience: resource::audience(parameters)?,
            details: authorization_details::read(parameters, types)?.unwrap_or_default(),
        })
    }

    /// Returns the named part, or an error if more is named than was granted (RFC 6749 section 6,
    /// RFC 8707 section 2.2, RFC 9396 section 6).
    pub(super) fn part(&self, named: &NamedAccess<'_>) -> Result<Self, OAuthError> {
        let scope = match named.scope {
            Some(_) => requested(named.scope, &self.scope)?,
            None => self.scope.clone(),
        };
        Ok(Self {
            scope,
            audience: resource::part(&named.resources, &self.audience)?,
            details: authorization_details::part(named.details.as_deref(), &self.details)?,
        })
    }
}

impl<'a> NamedAccess<'a> {
    /// Reads what a token request for a grant names.
    pub(super) fn read(
        parameters: &'a Parameters,
        scope: Option<&'a str>,
        registration: &Registration,
    ) -> Result<Self, OAuthError> {
        let types = &registration.authorization_details_types;
        Ok(Self {
            scope,
            resources: parameters.all("resource").collect(),
            details: authorization_details::read(parameters, types)?,
        })
    }
}
