//! Documents as JSON, whoever wrote them.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::addition::{Addition, Security};
use super::{DEFAULT_SCHEME, EXTENSION, OpenApiSecurity};
use crate::router::Access;

/// The members of a path item that are operations.
pub(super) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

impl OpenApiSecurity {
    /// Writes the schemes into a document, and their names into the operations that were described
    /// by the attributes or by [`AccessTable::describe`](crate::AccessTable::describe). Schemes
    /// of the same names that are there stay.
    pub fn apply_to(&self, document: &mut Value) {
        let version = document.get("openapi").and_then(Value::as_str);
        let version = version.unwrap_or_default().to_owned();
        let names = self.names();
        let mut used = BTreeSet::new();
        for_each_operation(document, |operation| rename(operation, &names, &mut used));
        let used = used.iter().map(String::as_str);
        let schemes = self.schemes(used);
        if let Some(known) = object_at(document, &["components", "securitySchemes"]) {
            for (name, scheme) in schemes {
                known
                    .entry(name)
                    .or_insert_with(|| scheme.to_json(&version));
            }
        }
    }
}

/// Gives the alternatives of the attributes the names of the schemes, and notes their scopes.
fn rename(operation: &mut Map<String, Value>, names: &[String], used: &mut BTreeSet<String>) {
    if !operation.contains_key(EXTENSION) {
        return;
    }
    let Some(Value::Array(security)) = operation.get_mut("security") else {
        return;
    };
    *security = renamed(std::mem::take(security), names, used);
}

/// Each alternative under each name that the default stands for.
pub(super) fn renamed(
    security: Vec<Value>,
    names: &[String],
    used: &mut BTreeSet<String>,
) -> Vec<Value> {
    let mut written = Vec::new();
    for alternative in security {
        match alternative
            .as_object()
            .and_then(|schemes| schemes.get(DEFAULT_SCHEME))
        {
            Some(scopes) => {
                let texts = scopes.as_array().into_iter().flatten();
                used.extend(texts.filter_map(Value::as_str).map(str::to_owned));
                written.extend(names.iter().map(|name| json!({name: scopes})));
            }
            None => written.push(alternative),
        }
    }
    written
}

/// Says in an operation who may call it. What its author wrote stays, unless it is security that
/// says something else: then this is told, and what is enforced is written.
pub(super) fn describe(operation: &mut Map<String, Value>, access: &Access) -> bool {
    let Addition {
        security,
        note,
        extension,
        responses,
    } = Addition::of(access);
    if operation.insert(EXTENSION.to_owned(), extension.clone()) == Some(extension) {
        // By the attribute, or a second time.
        return true;
    }
    let ours = Value::Array(security.iter().map(object).collect());
    let agrees = operation
        .insert("security".to_owned(), ours)
        .is_none_or(|written| says(&written, &security));
    let description = match operation.get("description").and_then(Value::as_str) {
        Some(written) => format!("{written}\n\n{note}"),
        None => note,
    };
    operation.insert("description".to_owned(), description.into());
    let known = operation.entry("responses").or_insert_with(|| json!({}));
    if let Some(known) = known.as_object_mut() {
        for (status, response) in responses {
            known.entry(status).or_insert(response);
        }
    }
    agrees
}

fn object(scopes: &Security) -> Value {
    json!({DEFAULT_SCHEME: scopes})
}

/// Whether somebody's alternatives are these, by whatever names.
fn says(written: &Value, security: &[Security]) -> bool {
    let alternatives = written.as_array().into_iter().flatten();
    let written: BTreeSet<BTreeSet<&str>> = alternatives
        .map(|alternative| {
            let schemes = alternative.as_object().into_iter().flatten();
            let scopes = schemes.flat_map(|(_, scopes)| scopes.as_array().into_iter().flatten());
            scopes.filter_map(Value::as_str).collect()
        })
        .collect();
    let ours = security
        .iter()
        .map(|scopes| scopes.iter().copied().collect());
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
