//! Documents as JSON, whoever wrote them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::alternatives::Alternative;
use super::guard_docs::GuardDocs;
use super::{EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 9] =
    ["get", "put", "post", "delete", "options", "head", "patch", "trace", "query"];

impl OpenApiSecurity {
    /// Writes the schemes into a document, and their names into the operations that were described
    /// by the attributes or by [`AccessTable::describe`](crate::router::AccessTable::describe). Schemes
    /// of the same names that are there stay.
    pub fn apply_to(&self, document: &mut Value) {
        let version = document.get("openapi").and_then(Value::as_str);
        let version = version.unwrap_or_default().to_owned();
        let mut used = BTreeSet::new();
        for_each_operation(document, |operation| rename(operation, self, &mut used));
        let used = used.iter().map(String::as_str);
        let schemes = self.schemes(used);
        if let Some(known) = object_at(document, &["components", "securitySchemes"]) {
            for (name, scheme) in schemes {
                known.entry(name).or_insert_with(|| scheme.to_json(&version));
            }
        }
    }
}

/// Gives the alternatives of the attributes the names of the schemes, and notes their scopes.
fn rename(
    operation: &mut Map<String, Value>,
    schemes: &OpenApiSecurity,
    used: &mut BTreeSet<String>,
) {
    let Some(access) = operation.get(EXTENSION) else {
        return;
    };
    // Some writers leave an empty list out, and then what holds for the whole document would hold.
    // Of what is protected it would say the opposite.
    if access.get("public").is_some() {
        operation.entry("security").or_insert_with(|| json!([]));
    }
    if let Some(Value::Array(security)) = operation.get_mut("security") {
        *security = rename_schemes(std::mem::take(security), schemes, used);
    }
}

/// Each alternative under each name that its scheme stands for.
pub(super) fn rename_schemes(
    security: Vec<Value>,
    schemes: &OpenApiSecurity,
    used: &mut BTreeSet<String>,
) -> Vec<Value> {
    let mut written = Vec::new();
    for alternative in security {
        let members = alternative.as_object().into_iter().flatten();
        let mut ours = members.filter_map(|(name, scopes)| {
            let names = schemes.names_for(name)?;
            Some((name.clone(), names, scopes.clone()))
        });
        let Some((placeholder, names, scopes)) = ours.next() else {
            written.push(alternative);
            continue;
        };
        let texts = scopes.as_array().into_iter().flatten();
        used.extend(texts.filter_map(Value::as_str).map(str::to_owned));
        for name in names {
            let mut object = alternative.as_object().cloned().unwrap_or_default();
            object.remove(&placeholder);
            object.insert(name, scopes.clone());
            written.push(object.into());
        }
    }
    written
}

/// Says in an operation who may call it. What its author wrote stays, unless it is security that
/// agrees_with something else: then this is told, and what is enforced is written.
pub(super) fn describe(operation: &mut Map<String, Value>, access: &Access) -> bool {
    let GuardDocs { security, note, extension, responses } = GuardDocs::of(access);
    let written = operation.get("security");
    let is_written = written.is_some();
    let agrees = written.is_none_or(|written| agrees_with(written, &security));
    if !is_written || !agrees {
        let ours = security.iter().map(object).collect();
        operation.insert("security".to_owned(), Value::Array(ours));
    }
    // By the attribute, or a second time.
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

fn object(alternative: &Alternative) -> Value {
    let schemes = alternative.schemes().into_iter();
    schemes.map(|(name, scopes)| (name, Value::from(scopes))).collect()
}

/// Whether somebody's alternatives are of these scopes, by whatever names.
fn agrees_with(written: &Value, security: &[Alternative]) -> bool {
    let Some(alternatives) = written.as_array() else {
        return false;
    };
    let scopes = |alternative: &'_ Value| -> Option<BTreeSet<String>> {
        let schemes = alternative.as_object().filter(|schemes| !schemes.is_empty())?;
        let scopes = schemes.values().map(|scopes| scopes.as_array().into_iter().flatten());
        let texts = scopes.flatten().filter_map(Value::as_str);
        Some(texts.map(str::to_owned).collect())
    };
    // What names no scheme lets in who has no token; for what is public it agrees_with the same as nothing.
    let written: BTreeSet<_> = alternatives.iter().map(scopes).collect();
    if security.is_empty() {
        return written.iter().all(Option::is_none);
    }
    let ours = security.iter().map(|alternative| {
        let scopes = alternative.scopes.iter();
        (!alternative.is_anonymous).then(|| scopes.map(|scope| (*scope).to_owned()).collect())
    });
    written == ours.collect::<BTreeSet<_>>()
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

/// The object at the end of these names, made where there is none; nothing where something else is.
fn object_at<'a>(value: &'a mut Value, names: &[&str]) -> Option<&'a mut Map<String, Value>> {
    let mut object = value.as_object_mut()?;
    for name in names {
        let inner = object.entry(*name).or_insert_with(|| json!({}));
        object = inner.as_object_mut()?;
    }
    Some(object)
}
