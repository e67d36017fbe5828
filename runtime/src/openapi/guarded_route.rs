//! The operation of a route in a document, with the demands of the guards in front of the route.

use serde_json::{Map, Value};

use super::EXTENSION;
use super::access_docs::AccessDocs;
use super::json_document::describe;
use crate::router::{Access, AccessRow};

/// Adds the access of a route to its operation. If guards are in front of the route, replaces what
/// the attribute of the handler wrote, because the attribute does not know the guards. Returns false
/// if the author wrote a `security` that differs from the enforced `security`.
pub(super) fn describe_route(operation: &mut Map<String, Value>, route: &AccessRow) -> bool {
    if let Some(declared) = route.access_without_guards() {
        withdraw(operation, declared);
    }
    describe(operation, &route.access)
}

/// Removes the documentation that the attribute of a handler wrote. Keeps an operation that the
/// attribute did not write.
fn withdraw(operation: &mut Map<String, Value>, declared: &Access) {
    let AccessDocs { note, extension, .. } = AccessDocs::of(declared);
    if operation.get(EXTENSION) != Some(&extension) {
        return;
    }
    operation.remove(EXTENSION);
    operation.remove("security");
    let description = operation.get("description").and_then(Value::as_str);
    if let Some(written) = description.and_then(|text| text.strip_suffix(&note)) {
        let written = written.trim_end().to_owned();
        if written.is_empty() {
            operation.remove("description");
        } else {
            operation.insert("description".to_owned(), written.into());
        }
    }
}
