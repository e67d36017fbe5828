use std::time::UNIX_EPOCH;

use proptest::prelude::*;

use super::*;
use crate::json;
use crate::policy::ClaimValue;
use crate::policy::Demand::{Claim, Client, Role, Scope};
use crate::token::{ClaimPositions, Provider, Registered, RolePath};

/// Returns those claims of an RFC 9068 token (section 2.2) for which some providers use other
/// names.
fn base() -> Map<String, Value> {
    let claims =
        [("aud", json!("api")), ("client_id", json!("development")), ("exp", json!(2_000_000_000))];
    Map::from_iter(claims.map(|(name, value)| (name.to_owned(), value)))
}

fn claims(demands: &[Demand], dialect: &Dialect) -> Map<String, Value> {
    claims_for(demands, dialect, base(), UNIX_EPOCH)
}

/// Returns the dialect of each provider, and one in which the settings of an issuer name all claims.
fn dialects() -> Vec<Dialect> {
    let path = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    let own = Dialect {
        audience: Some("azp".to_owned()),
        scopes: Some(vec![path(&["app", "permissions"])]),
        client: path(&["app_id"]),
        roles: vec![RolePath::new(path(&["app", "{audience}", "roles"])).unwrap()],
        tenant: Some("org".to_owned()),
        kind: Some(("type".to_owned(), "access".to_owned())),
        has_at_hash: true,
    };
    Provider::ALL.iter().map(|provider| provider.dialect()).chain([own]).collect()
}

proptest! {
    #[test]
    fn the_issuer_reads_the_claims_that_are_written_for_it(
        client in "[!-~]{1,8}",
        roles in prop::collection::vec("[!-~]{1,8}", 0..4),
    ) {
        for dialect in dialects() {
            let leak = |text: &String| &*text.clone().leak();
            let mut demands: Vec<_> = roles.iter().map(|role| Role(leak(role))).collect();
            demands.push(Client(leak(&client)));
            demands.push(Scope("s"));
            let claims = Value::Object(claims(&demands, &dialect)).to_string();
            let claims = json::object(claims.as_bytes()).unwrap();

            prop_assert_ne!(dialect.has_mark(claims.root()), Some(false));
            let found = ClaimPositions::of(&claims);
            let registered = Registered::read(&claims, &found, &dialect).unwrap();
            let audiences = || registered.audiences(&claims);
            prop_assert_eq!(audiences().collect::<Vec<_>>(), ["api"]);
            let is_audience = dialect.audience.as_deref() == Some("client_id");
            let client = if is_audience { "api" } else { &client };
            prop_assert_eq!(dialect.client(claims.root()), Some(client));
            let read: Vec<_> = dialect.roles(claims.root(), audiences).collect();
            let written: &[_] = if dialect.roles.is_empty() { &[] } else { &roles };
            prop_assert!(written.iter().all(|role| read.contains(&role.as_str())));
            let scopes = claims.root().member(&dialect.scope_path());
            prop_assert_eq!(scopes.and_then(json::Item::as_str), Some("s"));
        }
    }
}

#[test]
fn demands_share_claims() {
    let x = ClaimValue::Text("x");
    let demands = [
        Claim(&["a", "b"], x),
        Claim(&["a", "c"], ClaimValue::Integer(1)),
        Claim(&["a", "b"], x),
        Claim(&["a", "c"], ClaimValue::Integer(2)),
        Role("r"),
        Claim(&["roles"], x),
        Claim(&[], x),
        Scope("s"),
        Scope("t"),
    ];
    let mut added = claims(&demands, &Provider::Standard.dialect());
    let without = claims(&[], &Provider::Standard.dialect());
    added.retain(|name, _| !without.contains_key(name));
    let expected = json!({
        "a": {"b": "x", "c": [1, 2]},
        "roles": ["r", "x"],
        "scope": "s t",
    });
    assert_eq!(Value::Object(added), expected);
}
