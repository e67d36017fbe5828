//! Generation of claims that satisfy given demands, in the format of an issuer.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::policy::Demand;
use crate::token::Dialect;

/// Converts the claims of an RFC 9068 token to the format of an issuer with this dialect, and adds
/// claims that satisfy these demands.
///
/// A demand for a proof adds the thumbprint of no key, which a caller that presents a proof
/// replaces. Adds no claims for a demand that claims cannot satisfy: an issuer, a check, or a role at an
/// issuer without roles. Adds no claims for a named policy, because the caller chooses among the
/// alternatives of that policy and passes their demands.
pub(crate) fn claims_for(
    demands: &[Demand],
    dialect: &Dialect,
    mut claims: Map<String, Value>,
    now: SystemTime,
) -> Map<String, Value> {
    let audience = claims.get("aud").and_then(Value::as_str).unwrap_or_default().to_owned();
    dialect.adopt(&mut claims);
    let scopes: Vec<_> =
        demands.iter().filter_map(|demand| Some(demand.parts().scope?.name)).collect();
    let scope = (!scopes.is_empty()).then(|| (dialect.scope_path(), json!(scopes.join(" "))));
    let mut more = json!({});
    let claims_of_demands =
        demands.iter().flat_map(|demand| demand.claims(dialect, &audience, now)).chain(scope);
    for (path, value) in claims_of_demands.filter(|(path, _)| !path.is_empty()) {
        merge(&mut more, path.iter().rev().fold(value, |inner, name| json!({ name: inner })));
    }
    if let Value::Object(more) = more {
        claims.extend(more);
    }
    claims
}

/// Merges the JSON objects `claims` and `more` member by member. Combines two different values of
/// one claim in an array.
fn merge(claims: &mut Value, more: Value) {
    match (claims, more) {
        (Value::Object(claims), Value::Object(more)) => {
            for (name, value) in more {
                merge(claims.entry(name).or_insert(Value::Null), value);
            }
        }
        (claims @ Value::Null, more) => *claims = more,
        (claims, more) if *claims != more => {
            let both = [list(claims.take()), list(more)];
            *claims = both.concat().into();
        }
        _ => {}
    }
}

fn list(value: Value) -> Vec<Value> {
    match value {
        Value::Array(members) => members,
        one => vec![one],
    }
}

#[cfg(test)]
#[path = "claims/tests.rs"]
mod tests;
