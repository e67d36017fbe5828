//! Operations that utoipa describes.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, OpenIdConnect,
    Scopes, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{OpenApi, OpenApiVersion, RefOr};

use super::alternatives::Alternative;
use super::guard_docs::GuardDocs;
use super::json_document::rename_schemes;
use super::scheme::{Kind, Scheme};
use super::{EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// What utoipa says of an operation, with what its access adds. What the user wrote stays.
#[must_use]
pub fn documented(mut operation: Operation, access: &Access) -> Operation {
    let GuardDocs { security, note, extension, responses } = GuardDocs::of(access);
    let securities = || {
        let object = |alternative: Alternative| {
            let schemes = alternative.schemes().into_iter();
            schemes.fold(SecurityRequirement::default(), |object, (name, scopes)| {
                object.add(name, scopes)
            })
        };
        security.into_iter().map(object).collect()
    };
    operation.security.get_or_insert_with(securities);
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

/// Writes the schemes into the document, and their names into the operations that it has by then:
/// `security.modify(&mut document)`, after the last route was added.
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
            schemes.entry(name).or_insert_with(|| typed(&scheme, has_metadata_url).into());
        }
    }
}

fn typed(scheme: &Scheme<'_>, has_metadata_url: bool) -> SecurityScheme {
    let description = scheme.description.as_str();
    match &scheme.kind {
        Kind::OpenIdConnect(url) => SecurityScheme::OpenIdConnect(OpenIdConnect::with_description(
            url.as_str(),
            description,
        )),
        Kind::Bearer => {
            let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
            let bearer = bearer.bearer_format("JWT").description(Some(description));
            SecurityScheme::Http(bearer.build())
        }
        Kind::OAuth2 { authorization, token, client_credentials, metadata } => {
            let scopes = || {
                let scopes = scheme.scopes.iter();
                scopes.map(|(name, text)| (*name, *text)).collect::<Scopes>()
            };
            let code = authorization.map(|url| AuthorizationCode::new(url, *token, scopes()));
            let client = client_credentials.then(|| ClientCredentials::new(*token, scopes()));
            let code = code.map(Flow::AuthorizationCode);
            let flows = code.into_iter().chain(client.map(Flow::ClientCredentials));
            let mut oauth2 = OAuth2::with_description(flows, description);
            let metadata = metadata.filter(|_| has_metadata_url);
            oauth2.oauth2_metadata_url = metadata.map(str::to_owned);
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
    let is_ours = |extensions: &Extensions| extensions.contains_key(EXTENSION);
    if !operation.extensions.as_ref().is_some_and(is_ours) {
        return;
    }
    let Some(security) = &mut operation.security else {
        return;
    };
    let objects = security.iter().map(serde_json::to_value);
    let objects = objects.filter_map(Result::ok).collect();
    let renamed = rename_schemes(objects, schemes, used).into_iter();
    let renamed = renamed.map(serde_json::from_value::<SecurityRequirement>);
    // Both directions are maps of names to lists of texts; what failed would leave all as it was.
    if let Ok(renamed) = renamed.collect() {
        *security = renamed;
    }
}

/// Ours are all such, which the tests see.
fn response(value: Value) -> Option<RefOr<Response>> {
    serde_json::from_value(value).ok().map(RefOr::T)
}
