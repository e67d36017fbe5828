//! Integration with utoipa.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder,
    OAuth2, OpenIdConnect, Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, OpenApiVersion, RefOr};

use super::access_docs::AccessDocs;
use super::alternatives::Alternative;
use super::json_document::rename_schemes;
use super::scheme::{Kind, Scheme};
use super::x_access::accepts_api_keys;
use super::{EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// Adds the documentation of the access to an operation. Keeps the documentation that the user
/// wrote.
#[must_use]
pub fn documented(mut operation: Operation, access: &Access) -> Operation {
    let AccessDocs { security, note, extension, responses } = AccessDocs::of(access);
    operation.security.get_or_insert_with(|| security.iter().map(requirement_object).collect());
    operation.description = Some(match operation.description {
        Some(written) => format!("{written}\n\n{note}"),
        None => note,
    });
    let known = &mut operation.responses.responses;
    for (status, value) in responses {
        if let Some(response) = response(value) {
            known.entry(status.to_owned()).or_insert(response);
        }
    }
    let more = Extensions::from_iter([(EXTENSION.to_owned(), extension)]);
    operation.extensions.get_or_insert_default().merge(more);
    operation
}

/// Adds the security schemes to a document, and sets the names of the schemes in the operations of
/// the document. Call `security.modify(&mut document)` after all routes have been added to the
/// document.
impl Modify for OpenApiSecurity {
    fn modify(&self, openapi: &mut OpenApi) {
        let mut used = BTreeSet::new();
        for item in openapi.paths.paths.values_mut() {
            for operation in operations(item) {
                rename(operation, self, &mut used);
            }
        }
        let has_metadata_url = openapi.openapi == OpenApiVersion::Version32;
        let components = openapi.components.get_or_insert_default();
        for (name, scheme) in self.schemes(used.iter().map(String::as_str)) {
            let schemes = &mut components.security_schemes;
            schemes.entry(name).or_insert_with(|| to_utoipa(&scheme, has_metadata_url).into());
        }
    }
}

fn requirement_object(alternative: &Alternative) -> SecurityRequirement {
    alternative
        .schemes()
        .into_iter()
        .fold(SecurityRequirement::default(), |object, (name, scopes)| object.add(name, scopes))
}

fn to_utoipa(scheme: &Scheme<'_>, has_metadata_url: bool) -> SecurityScheme {
    let description = scheme.description.as_str();
    match &scheme.kind {
        Kind::OpenIdConnect(url) => SecurityScheme::OpenIdConnect(OpenIdConnect::with_description(
            url.as_str(),
            description,
        )),
        Kind::Bearer => {
            let bearer = HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .bearer_format("JWT")
                .description(Some(description));
            SecurityScheme::Http(bearer.build())
        }
        Kind::ApiKey(header) => {
            let value = ApiKeyValue::with_description(*header, description);
            SecurityScheme::ApiKey(ApiKey::Header(value))
        }
        Kind::Http("bearer") => {
            let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
            SecurityScheme::Http(bearer.description(Some(description)).build())
        }
        // utoipa has only the registered schemes. The description contains the scheme.
        Kind::Http(_) => {
            let value = ApiKeyValue::with_description("Authorization", description);
            SecurityScheme::ApiKey(ApiKey::Header(value))
        }
        Kind::OAuth2 { authorization, token, client_credentials, metadata } => {
            let scopes =
                || scheme.scopes.iter().map(|(name, text)| (*name, *text)).collect::<Scopes>();
            let code = authorization.map(|url| AuthorizationCode::new(url, *token, scopes()));
            let client = client_credentials.then(|| ClientCredentials::new(*token, scopes()));
            let flows = [code.map(Flow::AuthorizationCode), client.map(Flow::ClientCredentials)];
            let mut oauth2 = OAuth2::with_description(flows.into_iter().flatten(), description);
            oauth2.oauth2_metadata_url = metadata.filter(|_| has_metadata_url).map(str::to_owned);
            SecurityScheme::OAuth2(oauth2)
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, options, head, patch, trace, .. } = item;
    let all = [get, put, post, delete, options, head, patch, trace];
    all.into_iter().flatten()
}

fn rename(operation: &mut Operation, schemes: &OpenApiSecurity, used: &mut BTreeSet<String>) {
    let access = operation.extensions.as_ref().and_then(|extensions| extensions.get(EXTENSION));
    let Some(takes_keys) = access.map(accepts_api_keys) else {
        return;
    };
    let Some(security) = &mut operation.security else {
        return;
    };
    let objects = security.iter().map(serde_json::to_value).filter_map(Result::ok).collect();
    // The conversion from JSON cannot fail, because JSON and utoipa both represent an alternative
    // as a map of names to lists of strings. After an error, this code would leave the operation
    // unchanged.
    if let Ok(renamed) = rename_schemes(objects, schemes, takes_keys, used)
        .into_iter()
        .map(serde_json::from_value)
        .collect()
    {
        *security = renamed;
    }
}

/// Converts a response from JSON. Returns `None` if the conversion fails; the tests assert that the
/// conversion succeeds for every response of [`AccessDocs`].
fn response(value: Value) -> Option<RefOr<Response>> {
    serde_json::from_value(value).ok().map(RefOr::T)
}
