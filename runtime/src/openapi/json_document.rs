//! Changes to OpenAPI documents in JSON, which any generator may have written.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::access_docs::AccessDocs;
use super::alternatives::Alternative;
use super::cookie_scheme::{FORBIDDEN_STATUS, forbidden};
use super::placeholder::Used;
use super::proof_schemes::{UNAUTHORIZED_STATUS, add_nonce};
use super::replacement::rename_schemes;
use super::x_access::accepts_api_keys;
use super::{EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// The names of the members of a Path Item Object that are operations.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl OpenApiSecurity {
    /// Adds the security schemes to a document. Sets the names of the schemes in the operations
    /// that the attributes or [`AccessTable::describe`](crate::router::AccessTable::describe)
    /// described. Keeps existing schemes that have the same names.
    pub fn apply_to(&self, document: &mut Value) {
        let version =
            document.get("openapi").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut used = Used::default();
        for_each_operation(document, |operation| rename(operation, self, &mut used));
        let schemes = self.schemes(&used);
        if let Some(known) = object_at(document, &["components", "securitySchemes"]) {
            for (name, scheme) in schemes {
                known.entry(name).or_insert_with(|| scheme.to_json(&version));
            }
        }
    }
}

/// Replaces the placeholders in the `security` of an operation by the names of the schemes.
/// Collects the scopes and the proofs that the operation uses.
fn rename(operation: &mut Map<String, Value>, schemes: &OpenApiSecurity, used: &mut Used) {
    let Some(access) = operation.get(EXTENSION) else {
        return;
    };
    // A public operation gets an explicit empty `security` here: some generators omit an empty
    // `security`, and then the `security` of the whole document would apply to the operation.
    let takes_keys = accepts_api_keys(access);
    let refuses_other_origins = schemes.refuses_other_origins(access);
    if access.get("public").is_some() {
        operation.entry("security").or_insert_with(|| json!([]));
    }
    if let Some(Value::Array(security)) = operation.get_mut("security") {
        *security = rename_schemes(std::mem::take(security), schemes, takes_keys, used);
    }
    let Some(Value::Object(responses)) = operation.get_mut("responses") else {
        return;
    };
    if refuses_other_origins {
        let response = forbidden(responses.remove(FORBIDDEN_STATUS));
        responses.insert(FORBIDDEN_STATUS.to_owned(), response);
    }
    if schemes.demands_nonces() {
        responses.get_mut(UNAUTHORIZED_STATUS).into_iter().for_each(add_nonce);
    }
}

/// Adds the access to an operation. Keeps the description that the author wrote. If the author
/// wrote a `security` that differs from the enforced `security`, replaces it and returns false;
/// otherwise returns true.
pub(super) fn describe(operation: &mut Map<String, Value>, access: &Access) -> bool {
    let AccessDocs { security, note, extension, responses } = AccessDocs::of(access);
    let written = operation.get("security");
    let is_written = written.is_some();
    let agrees = written.is_none_or(|written| agrees_with(written, &security));
    if !is_written || !agrees {
        let enforced = security.iter().map(object).collect();
        operation.insert("security".to_owned(), Value::Array(enforced));
    }
    // If the operation already has the same extension, the attribute or an earlier call has already
    // added the note.
    let known = operation.insert(EXTENSION.to_owned(), extension.clone());
    if known != Some(extension) {
        let description = match operation.get("description").and_then(Value::as_str) {
            Some(written) => format!("{written}\n\n{note}"),
            None => note,
        };
        operation.insert("description".to_owned(), description.into());
    }
    let known = operation.entry("responses").or_insert_with(|| json!({}));
    if let Some(known) = known.as_object_mut() {
        for (status, response) in responses {
            known.entry(status).or_insert(response);
        }
    }
    agrees
}

/// Returns the Security Requirement Object of an alternative.
pub(super) fn object(alternative: &Alternative) -> Value {
    alternative.schemes().into_iter().map(|(name, scopes)| (name, Value::from(scopes))).collect()
}

/// Returns true if the `security` in the document has the scopes of these alternatives. Ignores the
/// names of the schemes.
fn agrees_with(written: &Value, security: &[Alternative]) -> bool {
    let Some(alternatives) = written.as_array() else {
        return false;
    };
    let scopes = |alternative: &'_ Value| -> Option<BTreeSet<String>> {
        let schemes = alternative.as_object().filter(|schemes| !schemes.is_empty())?;
        let scopes = schemes.values().filter_map(Value::as_array).flatten();
        Some(scopes.filter_map(Value::as_str).map(str::to_owned).collect())
    };
    // An alternative without schemes allows requests without a token. For a public operation, a
    // `security` with only this alternative means the same as an empty `security`.
    let written: BTreeSet<_> = alternatives.iter().map(scopes).collect();
    if security.is_empty() {
        return written.iter().all(Option::is_none);
    }
    let enforced: BTreeSet<_> = security
        .iter()
        .map(|alternative| {
            let scopes = alternative.scopes.iter().map(|scope| (*scope).to_owned());
            (!alternative.is_anonymous).then(|| scopes.collect())
        })
        .collect();
    written == enforced
}

pub(super) fn for_each_operation(
    document: &mut Value,
    mut visit: impl FnMut(&mut Map<String, Value>),
) {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in paths.into_iter().flat_map(Map::values_mut) {
        for method in METHODS {
            let operation = item.get_mut(method).and_then(Value::as_object_mut);
            operation.into_iter().for_each(&mut visit);
        }
    }
}

/// Returns the object at this path of member names. Creates missing objects. Returns `None` if an
/// existing member on the path is not an object.
fn object_at<'a>(value: &'a mut Value, names: &[&str]) -> Option<&'a mut Map<String, Value>> {
    let mut object = value.as_object_mut()?;
    for name in names {
        let inner = object.entry(*name).or_insert_with(|| json!({}));
        object = inner.as_object_mut()?;
    }
    Some(object)
}
