//! Operations that utoipa describes.

use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::Response;
use utoipa::openapi::security::SecurityRequirement;

use super::addition::Addition;
use super::{DEFAULT_SCHEME, EXTENSION};
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

/// Ours are all such, which the tests see.
fn response(value: Value) -> Option<RefOr<Response>> {
    serde_json::from_value(value).ok().map(RefOr::T)
}
