//! Claims of tokens for tests that satisfy a demand.

use std::time::SystemTime;

use serde_json::{Map, Value, json};

use super::Demand;
use crate::policy::details_demand::{DetailsDemand, DetailsMember};
use crate::possession::Proof;
use crate::token::Dialect;

impl Demand {
    /// Returns the claims that satisfy this demand at an issuer with this dialect in a token for
    /// this audience, each with its path. A path is empty if the issuer has no claim for this kind
    /// of demand. Scopes return no claims, because the caller joins all scopes in one claim.
    pub(in crate::policy) fn claims(
        &self,
        dialect: &Dialect,
        audience: &str,
        now: SystemTime,
    ) -> Vec<(Vec<String>, Value)> {
        let path = |name: &str| vec![name.to_owned()];
        match self {
            Self::Role(role) => vec![(dialect.role_path(audience), json!([role]))],
            Self::Claim(names, value) => {
                vec![(names.iter().map(ToString::to_string).collect(), value.json())]
            }
            Self::Client(client) => {
                let names = dialect.client_claims();
                names.map(|name| (path(name), json!(client))).collect()
            }
            Self::Acr(acr) => vec![(path("acr"), json!(acr))],
            Self::MaxAge(_) => vec![(path("auth_time"), json!(recent_auth_time(now)))],
            Self::Proof(proof) => {
                let member = match proof {
                    Proof::Dpop => "jkt",
                    Proof::Mtls => "x5t#S256",
                };
                vec![(vec!["cnf".to_owned(), member.to_owned()], json!(THUMBPRINT))]
            }
            Self::Details(details) => {
                vec![(path("authorization_details"), json!([details_object(details, audience)]))]
            }
            Self::Scope(_)
            | Self::Declared(_)
            | Self::Issuer(_)
            | Self::Check(_)
            | Self::Policy(_) => Vec::new(),
        }
    }
}

/// The thumbprint of no key, for the claim `cnf`. A caller that presents a proof replaces it.
const THUMBPRINT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Returns an object of `authorization_details` with the demanded type and values. An object with
/// locations names this audience too, because it is for another API otherwise.
fn details_object(details: &DetailsDemand, audience: &str) -> Value {
    let mut object = Map::from_iter([("type".to_owned(), json!(details.kind()))]);
    for (member, mut values) in details.members() {
        if member == DetailsMember::Locations && !values.contains(&audience) {
            values.push(audience);
        }
        let value = if member.is_single() { json!(values.first()) } else { json!(values) };
        object.insert(member.name().to_owned(), value);
    }
    object.into()
}

/// Returns an `auth_time` that is `AHEAD` seconds in the future. A guard accepts this
/// `auth_time`, and it satisfies every `max_age`, even in a slow test.
fn recent_auth_time(now: SystemTime) -> u64 {
    const AHEAD: u64 = 30;
    now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs().saturating_add(AHEAD)
}
