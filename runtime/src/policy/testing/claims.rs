//! The claims that satisfy demands, as a provider writes them.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use crate::policy::Demand;
use crate::token::Provider;

/// Writes the claims of an RFC 9068 token as this provider does, and adds the claims that satisfy
/// these demands.
///
/// A demand that claims cannot satisfy adds nothing: an issuer, a check, a role where the provider
/// writes none. A named policy adds nothing either: the caller chooses among its alternatives.
#[must_use]
pub fn claims_for(
    demands: &[Demand],
    provider: Provider,
    mut claims: Map<String, Value>,
    now: SystemTime,
) -> Map<String, Value> {
    provider.dialect().adopt(&mut claims);
    let scopes = demands.iter().filter_map(|demand| demand.parts().scope);
    let scopes: Vec<_> = scopes.map(|entry| entry.name).collect();
    if !scopes.is_empty() {
        claims.insert("scope".to_owned(), scopes.join(" ").into());
    }
    let mut more = json!({});
    let written = demands.iter().flat_map(|demand| demand.claims(provider, now));
    for (path, value) in written.filter(|(path, _)| !path.is_empty()) {
        let wrap = |inner, name: &&str| json!({ *name: inner });
        merge(&mut more, path.iter().rev().fold(value, wrap));
    }
    if let Value::Object(more) = more {
        claims.extend(more);
    }
    claims
}

/// Merges objects member by member. Two different values of one claim become a list of both.
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
