//! Changes to OpenAPI documents whose objects are Rust types. Each release of utoipa has its own
//! types; the rules here are the same for all of them.

use std::collections::{BTreeMap, HashMap};
use std::ops::DerefMut;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::access_docs::AccessDocs;
use super::cookie_scheme::{FORBIDDEN_STATUS, forbidden};
use super::json_document::object;
use super::placeholder::Used;
use super::proof_schemes::{UNAUTHORIZED_STATUS, add_nonce};
use super::replacement::rename_schemes;
use super::scheme::Scheme;
use super::x_access::accepts_api_keys;
use super::{EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// An Operation Object.
pub(super) trait TypedOperation {
    type SecurityRequirement: Serialize + DeserializeOwned;
    type Response: Serialize + DeserializeOwned;
    type Extensions: DerefMut<Target = HashMap<String, Value>> + Default;

    fn security(&mut self) -> &mut Option<Vec<Self::SecurityRequirement>>;
    fn description(&mut self) -> &mut Option<String>;
    fn responses(&mut self) -> &mut BTreeMap<String, Self::Response>;
    fn extensions(&mut self) -> &mut Option<Self::Extensions>;
}

/// An OpenAPI Object, the root of a document.
pub(super) trait TypedDocument {
    type Operation: TypedOperation;

    fn operations(&mut self) -> impl Iterator<Item = &mut Self::Operation>;

    /// Adds a security scheme. Keeps an existing scheme with the same name.
    fn add_scheme(&mut self, name: String, scheme: &Scheme<'_>);
}

/// Adds the documentation of the access to an operation. Keeps the documentation that the user
/// wrote.
pub(super) fn describe<O: TypedOperation>(operation: &mut O, access: &Access) {
    let AccessDocs { security, note, extension, responses } = AccessDocs::of(access);
    let written = operation.security();
    if written.is_none() {
        *written = from_json(security.iter().map(object));
    }
    let description = operation.description();
    *description = Some(match description.take() {
        Some(written) => format!("{written}\n\n{note}"),
        None => note,
    });
    let known = operation.responses();
    for (status, response) in responses {
        // The tests assert that the conversion succeeds for every response of `AccessDocs`.
        if let Ok(response) = serde_json::from_value(response) {
            known.entry(status.to_owned()).or_insert(response);
        }
    }
    operation.extensions().get_or_insert_default().insert(EXTENSION.to_owned(), extension);
}

/// Adds the security schemes to a document, and sets the names of the schemes in the operations
/// that the attributes described.
pub(super) fn apply<D: TypedDocument>(security: &OpenApiSecurity, document: &mut D) {
    let mut used = Used::default();
    for operation in document.operations() {
        rename(operation, security, &mut used);
    }
    for (name, scheme) in security.schemes(&used) {
        document.add_scheme(name, &scheme);
    }
}

fn rename<O: TypedOperation>(operation: &mut O, schemes: &OpenApiSecurity, used: &mut Used) {
    let access = operation.extensions().as_deref().and_then(|known| known.get(EXTENSION));
    let Some(access) = access else {
        return;
    };
    let takes_keys = accepts_api_keys(access);
    if schemes.refuses_other_origins(access) {
        add_forbidden(operation.responses());
    }
    if schemes.demands_nonces() {
        add_nonce_to(operation.responses());
    }
    let Some(security) = operation.security() else {
        return;
    };
    let objects = security.iter().map(serde_json::to_value).filter_map(Result::ok).collect();
    if let Some(renamed) = from_json(rename_schemes(objects, schemes, takes_keys, used)) {
        *security = renamed;
    }
}

/// Adds the refusal of a cookie that a page of another origin sent to the 403 response.
fn add_forbidden<R: Serialize + DeserializeOwned>(responses: &mut BTreeMap<String, R>) {
    let known = responses.get(FORBIDDEN_STATUS).map(serde_json::to_value);
    // The tests assert that both conversions succeed. After an error the response stays as it was.
    if let Ok(known) = known.transpose()
        && let Ok(response) = serde_json::from_value(forbidden(known))
    {
        responses.insert(FORBIDDEN_STATUS.to_owned(), response);
    }
}

/// Adds the header with a nonce to the 401 response.
fn add_nonce_to<R: Serialize + DeserializeOwned>(responses: &mut BTreeMap<String, R>) {
    // After an error of a conversion, the response stays as it was.
    if let Some(known) = responses.get_mut(UNAUTHORIZED_STATUS)
        && let Ok(mut response) = serde_json::to_value(&*known)
    {
        add_nonce(&mut response);
        if let Ok(response) = serde_json::from_value(response) {
            *known = response;
        }
    }
}

/// Converts Security Requirement Objects. The conversion cannot fail, because JSON and utoipa both
/// represent such an object as a map of names to lists of strings. After an error, the callers
/// would leave the operation unchanged.
fn from_json<T: DeserializeOwned>(objects: impl IntoIterator<Item = Value>) -> Option<Vec<T>> {
    objects.into_iter().map(serde_json::from_value).collect::<Result<_, _>>().ok()
}
