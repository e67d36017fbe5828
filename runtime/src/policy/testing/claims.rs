//! The claims that satisfy demands, as a provider writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::policy::{ClaimValue, Requirement, ScopeEntry};
use crate::token::Provider;

/// `auth_time` lies this many seconds ahead, which a guard allows. It is then recent enough for
/// every demanded age, however long the test takes.
const AHEAD: u64 = 30;

/// Writes the claims of an RFC 9068 token as this provider does, and adds the claims that satisfy
/// these demands.
///
/// A demand that claims cannot satisfy adds nothing: an issuer, a check, a role where the provider
/// writes none. `Any`, `All` and `Named` add nothing either: the caller chooses among alternatives.
#[must_use]
pub fn claims_for(
    demands: &[Requirement],
    provider: Provider,
    mut claims: Map<String, Value>,
    now: SystemTime,
) -> Map<String, Value> {
    provider.dialect().adopt(&mut claims);
    let scopes: Vec<_> = demands.iter().filter_map(scope).collect();
    if !scopes.is_empty() {
        claims.insert("scope".to_owned(), scopes.join(" ").into());
    }
    let mut more = json!({});
    let members = demands
        .iter()
        .flat_map(|demand| members(demand, provider, now));
    for (path, value) in members.filter(|(path, _)| !path.is_empty()) {
        let wrap = |inner, name: &&str| json!({ *name: inner });
        merge(&mut more, path.iter().rev().fold(value, wrap));
    }
    if let Value::Object(more) = more {
        claims.extend(more);
    }
    claims
}

/// The values of a demand and the paths to them. An empty path means that there is no place.
fn members(
    demand: &Requirement,
    provider: Provider,
    now: SystemTime,
) -> Vec<(Vec<&'static str>, Value)> {
    let dialect = provider.dialect();
    match demand {
        Requirement::Role(role) => vec![(dialect.role_path().to_vec(), json!([role]))],
        Requirement::Claim(path, value) => vec![(path.to_vec(), plain(*value))],
        Requirement::Client(client) => {
            let write = |name| (vec![name], json!(client));
            dialect.client_claims().map(write).collect()
        }
        Requirement::Acr(acr) => vec![(vec!["acr"], json!(acr))],
        Requirement::MaxAge(_) => {
            let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
            let ahead = now.as_secs().saturating_add(AHEAD);
            vec![(vec!["auth_time"], json!(ahead))]
        }
        Requirement::All(_)
        | Requirement::Any(_)
        | Requirement::Scope(_)
        | Requirement::Declared(_)
        | Requirement::Issuer(_)
        | Requirement::Check(..)
        | Requirement::Named(..) => Vec::new(),
    }
}

fn scope(demand: &Requirement) -> Option<&'static str> {
    match demand {
        Requirement::Scope(name) | Requirement::Declared(ScopeEntry { name, .. }) => Some(name),
        _ => None,
    }
}

fn plain(value: ClaimValue) -> Value {
    match value {
        ClaimValue::Text(text) => json!(text),
        ClaimValue::Integer(number) => json!(number),
        ClaimValue::Bool(truth) => json!(truth),
    }
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
