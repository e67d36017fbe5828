//! The token that is exactly enough for a requirement.

use std::time::UNIX_EPOCH;

use serde_json::{Value, json};

use crate::clock::{Clock, SystemClock};
use crate::policy::{ClaimValue, Requirement, ScopeEntry};
use crate::testing::TokenBuilder;

/// What satisfies a requirement: of alternatives the first that a token alone can satisfy.
pub(super) struct Grant {
    scopes: Vec<(&'static str, &'static [&'static str])>,
    claims: Vec<(Vec<&'static str>, Value)>,
    /// Nothing but the token is needed.
    pub(super) is_all: bool,
}

impl Grant {
    pub(super) fn of(requirement: &Requirement) -> Self {
        let mut grant = Self {
            scopes: Vec::new(),
            claims: Vec::new(),
            is_all: true,
        };
        grant.add(requirement);
        grant
    }

    fn add(&mut self, requirement: &Requirement) {
        match requirement {
            Requirement::All(members) => members.iter().for_each(|member| self.add(member)),
            Requirement::Any(members) => {
                let alone = members.iter().find(|member| Self::of(member).is_all);
                match alone.or_else(|| members.first()) {
                    Some(member) => self.add(member),
                    None => self.is_all = false,
                }
            }
            Requirement::Scope(name) => self.scopes.push((name, &[])),
            Requirement::Declared(ScopeEntry {
                name, implied_by, ..
            }) => {
                self.scopes.push((name, implied_by));
            }
            Requirement::Role(role) => self.claim(&["roles"], json!([role])),
            Requirement::Claim(path, value) => self.claim(
                path,
                match value {
                    ClaimValue::Text(text) => json!(text),
                    ClaimValue::Integer(number) => json!(number),
                    ClaimValue::Bool(truth) => json!(truth),
                },
            ),
            Requirement::Client(client) => self.claim(&["client_id"], json!(client)),
            Requirement::Acr(acr) => self.claim(&["acr"], json!(acr)),
            Requirement::MaxAge(_) => {
                let now = SystemClock.now().duration_since(UNIX_EPOCH);
                self.claim(&["auth_time"], json!(now.map_or(0, |now| now.as_secs())));
            }
            Requirement::Named(_, operation) => self.add(&operation.requirement),
            Requirement::Issuer(_) | Requirement::Check(..) => self.is_all = false,
        }
    }

    fn claim(&mut self, path: &[&'static str], value: Value) {
        self.claims.push((path.to_vec(), value));
    }

    pub(super) fn on(&self, token: TokenBuilder) -> TokenBuilder {
        let token = token.scope(&self.scopes_but(""));
        let mut claims = json!({});
        for (path, value) in &self.claims {
            let wrap = |inner: Value, name: &&str| json!({ *name: inner });
            merge(&mut claims, path.iter().rev().fold(value.clone(), wrap));
        }
        let claims = claims.as_object().into_iter().flatten();
        claims.fold(token, |token, (name, value)| {
            token.claim(name, value.clone())
        })
    }

    /// Those whose absence no other scope of the token makes good.
    pub(super) fn needed(&self) -> impl Iterator<Item = &'static str> {
        let implied = |broader: &[&str]| self.scopes.iter().any(|(name, _)| broader.contains(name));
        let needed = self
            .scopes
            .iter()
            .filter(move |(_, broader)| !implied(broader));
        needed.map(|(name, _)| *name)
    }

    pub(super) fn scopes_but(&self, left_out: &str) -> String {
        let names = self.scopes.iter().map(|(name, _)| *name);
        names
            .filter(|name| *name != left_out)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Objects and arrays take up what is added to them.
fn merge(claims: &mut Value, more: Value) {
    match (claims, more) {
        (Value::Object(claims), Value::Object(more)) => {
            for (name, value) in more {
                merge(claims.entry(name).or_insert(Value::Null), value);
            }
        }
        (Value::Array(claims), Value::Array(more)) => claims.extend(more),
        (claims, more) => *claims = more,
    }
}

/// Whether a check may stand in for something of the token.
pub(super) fn has_checked_alternative(requirement: &Requirement) -> bool {
    match requirement {
        Requirement::Any(members) => members.iter().any(|member| !Grant::of(member).is_all),
        Requirement::All(members) => members.iter().any(has_checked_alternative),
        Requirement::Named(_, operation) => has_checked_alternative(&operation.requirement),
        _ => false,
    }
}
