//! Conversion of a requirement to JSON for machines. The JSON includes the demands that `security`
//! cannot express.

use serde_json::{Map, Value, json};

use crate::policy::description::{self, Description};
use crate::policy::{Fold, Requirement};

/// Returns the requirement as JSON in the format that [`EXTENSION`](super::EXTENSION) documents.
pub(super) fn tree(requirement: &Requirement) -> Value {
    requirement.fold(&Fold {
        one: &|leaf| object(leaf.demand.description()),
        all: &|members| json!({"all": members}),
        any: &|members| json!({"any": members}),
    })
}

fn object(description: Description) -> Value {
    let mut object = Map::new();
    let value = match description.value {
        description::Value::Text(text) | description::Value::Check(text) => json!(text),
        description::Value::Seconds(seconds) => json!(seconds),
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
