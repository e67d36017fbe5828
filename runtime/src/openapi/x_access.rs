//! Conversion of a requirement to JSON for machines. The JSON includes the demands that `security`
//! cannot express.

use serde_json::{Map, Value, json};

use crate::policy::description::{self, Description};
use crate::policy::{DetailsDemand, Fold, Requirement};

/// Returns the requirement as JSON in the format that [`EXTENSION`](super::EXTENSION) documents.
pub(super) fn tree(requirement: &Requirement) -> Value {
    requirement.fold(&Fold {
        one: &|leaf| object(leaf.demand.description()),
        all: &|members| json!({"all": members}),
        any: &|members| json!({"any": members}),
    })
}

/// Returns true if an API key can satisfy the access that an extension states. A key does not prove
/// that a user has authenticated, is not bound to a key pair, and has no authorization details.
pub(super) fn accepts_api_keys(access: &Value) -> bool {
    access.get("requires").is_none_or(|tree| !needs_token(tree))
}

fn needs_token(tree: &Value) -> bool {
    let members = |name| tree.get(name).and_then(Value::as_array);
    if let Some(all) = members("all") {
        return all.iter().any(needs_token);
    }
    if let Some(any) = members("any") {
        return !any.is_empty() && any.iter().all(needs_token);
    }
    ["acr", "max_age", "proof", "details"].into_iter().any(|key| tree.get(key).is_some())
}

/// Returns a demand for authorization details in the form of such an object.
fn details_json(details: &DetailsDemand) -> Value {
    let mut object = Map::from_iter([("type".to_owned(), json!(details.kind()))]);
    for (member, values) in details.members() {
        let value = if member.is_single() { json!(values.first()) } else { json!(values) };
        object.insert(member.name().to_owned(), value);
    }
    object.into()
}

fn object(description: Description) -> Value {
    let mut object = Map::new();
    let value = match description.value {
        description::Value::Text(text) | description::Value::Check(text) => json!(text),
        description::Value::Seconds(seconds) => json!(seconds),
        description::Value::Details(details) => details_json(&details),
        description::Value::Scope(entry) => {
            object.insert("included_in".to_owned(), json!(entry.implied_by));
            json!(entry.name)
        }
        description::Value::Claim(path, value) => {
            object.insert("value".to_owned(), value.json());
            json!(path)
        }
    };
    object.insert(description.key.to_owned(), value);
    Value::Object(object)
}
