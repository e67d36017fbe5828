use std::time::UNIX_EPOCH;

use proptest::prelude::*;

use super::*;
use crate::json;
use crate::policy::ClaimValue;
use crate::policy::Demand::{Claim, Client, Role, Scope};
use crate::token::{ClaimPositions, Registered};

const PROVIDERS: [Provider; 7] = [
    Provider::Standard,
    Provider::Keycloak,
    Provider::Auth0,
    Provider::Okta,
    Provider::EntraId,
    Provider::Cognito,
    Provider::Google,
];

/// Returns those claims of an RFC 9068 token (section 2.2) for which some providers use other
/// names.
fn base() -> Map<String, Value> {
    let claims =
        [("aud", json!("api")), ("client_id", json!("development")), ("exp", json!(2_000_000_000))];
    Map::from_iter(claims.map(|(name, value)| (name.to_owned(), value)))
}

fn claims(demands: &[Demand], provider: Provider) -> Map<String, Value> {
    claims_for(demands, provider, base(), UNIX_EPOCH)
}

proptest! {
    #[test]
    fn the_provider_reads_the_claims_that_are_written_for_it(
        client in "[!-~]{1,8}",
        roles in prop::collection::vec("[!-~]{1,8}", 0..4),
    ) {
        for provider in PROVIDERS {
            let leak = |text: &String| &*text.clone().leak();
            let mut demands: Vec<_> = roles.iter().map(|role| Role(leak(role))).collect();
            demands.push(Client(leak(&client)));
            let claims = Value::Object(claims(&demands, provider)).to_string();
            let claims = json::object(claims.as_bytes()).unwrap();

            let dialect = provider.dialect();
            prop_assert!(dialect.is_access_token(claims.root()));
            let registered = Registered::read(&claims, &ClaimPositions::of(&claims), dialect).unwrap();
            let audiences = || registered.audiences(&claims);
            prop_assert_eq!(audiences().collect::<Vec<_>>(), ["api"]);
            let is_audience = provider == Provider::Cognito;
            let client = if is_audience { "api" } else { &client };
            prop_assert_eq!(dialect.client(claims.root()), Some(client));
            let read: Vec<_> = dialect.roles(claims.root(), audiences()).collect();
            let written: &[_] = if provider == Provider::Google { &[] } else { &roles };
            prop_assert!(written.iter().all(|role| read.contains(&role.as_str())));
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
    let mut added = claims(&demands, Provider::Standard);
    let without = claims(&[], Provider::Standard);
    added.retain(|name, _| !without.contains_key(name));
    let expected = json!({
        "a": {"b": "x", "c": [1, 2]},
        "roles": ["r", "x"],
        "scope": "s t",
    });
    assert_eq!(Value::Object(added), expected);
}
