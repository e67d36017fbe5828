//! Operations that utoipa describes.

use std::collections::BTreeSet;

use serde_json::Value;
use utoipa::Modify;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, PathItem};
use utoipa::openapi::response::Response;
use utoipa::openapi::security::SecurityRequirement;
use utoipa::openapi::{OpenApi, OpenApiVersion, RefOr};

use super::addition::Addition;
use super::document::renamed;
use super::{DEFAULT_SCHEME, EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// What utoipa says of an operation, with what its access adds. What the user wrote stays.
#[must_use]
pub fn documented(mut operation: Operation, access: &Access) -> Operation {
    let Addition {
        security,
        note,
        extension,
        responses,
    } = Addition::of(access);
    let securities = || {
        let object = |scopes| SecurityRequirement::new(DEFAULT_SCHEME, scopes);
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

/// Writes the schemes into the document, and their names into the operations. One line behind the
/// document, `security.modify(&mut document)`, or `modifiers(&...)` in its attribute.
impl Modify for OpenApiSecurity {
    fn modify(&self, openapi: &mut OpenApi) {
        let names = self.names();
        let mut used = BTreeSet::new();
        for item in openapi.paths.paths.values_mut() {
            for operation in operations(item) {
                rename(operation, &names, &mut used);
            }
        }
        let version = match openapi.openapi {
            OpenApiVersion::Version31 => "3.1",
            OpenApiVersion::Version32 => "3.2",
        };
        let components = openapi.components.get_or_insert_default();
        for (name, scheme) in self.schemes(version, used.iter().map(String::as_str)) {
            if let Ok(scheme) = serde_json::from_value(scheme) {
                components.security_schemes.entry(name).or_insert(scheme);
            }
        }
    }
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        options,
        head,
        patch,
        trace,
        ..
    } = item;
    let all = [get, put, post, delete, options, head, patch, trace];
    all.into_iter().flatten()
}

fn rename(operation: &mut Operation, names: &[String], used: &mut BTreeSet<String>) {
    let is_ours = |extensions: &Extensions| extensions.contains_key(EXTENSION);
    if !operation.extensions.as_ref().is_some_and(is_ours) {
        return;
    }
    let Some(security) = &mut operation.security else {
        return;
    };
    let objects = security.iter().map(serde_json::to_value);
    let objects = objects.filter_map(Result::ok).collect();
    let renamed = renamed(objects, names, used).into_iter();
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
