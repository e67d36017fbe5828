//! What is demanded, for machines: more than `security` can say.

use serde_json::{Value, json};

use crate::policy::{ClaimValue, Requirement, ScopeEntry};

/// The tree as JSON, as documented at [`EXTENSION`](super::EXTENSION).
pub(super) fn tree(requirement: &Requirement) -> Value {
    match requirement {
        Requirement::All(members) => json!({"all": trees(members)}),
        Requirement::Any(members) => json!({"any": trees(members)}),
        Requirement::Scope(name) => json!({"scope": name}),
        Requirement::Declared(ScopeEntry {
            name, implied_by, ..
        }) => {
            json!({"scope": name, "included_in": implied_by})
        }
        Requirement::Role(role) => json!({"role": role}),
        Requirement::Claim(path, value) => json!({"claim": path, "value": claim_value(*value)}),
        Requirement::Client(client) => json!({"client": client}),
        Requirement::Issuer(issuer) => json!({"issuer": issuer}),
        Requirement::Acr(acr) => json!({"acr": acr}),
        Requirement::MaxAge(seconds) => json!({"max_age": seconds}),
        Requirement::Check(_, name) => json!({"check": name}),
        Requirement::Named(_, operation) => tree(&operation.requirement),
    }
}

fn trees(members: &[Requirement]) -> Vec<Value> {
    members.iter().map(tree).collect()
}

fn claim_value(value: ClaimValue) -> Value {
    match value {
        ClaimValue::Text(text) => json!(text),
        ClaimValue::Integer(number) => json!(number),
        ClaimValue::Bool(truth) => json!(truth),
    }
}
