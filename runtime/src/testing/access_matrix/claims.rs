//! The claims that satisfy demands, as the issuer's provider writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};

use crate::clock::{Clock, SystemClock};
use crate::policy::{ClaimValue, Demand, ScopeEntry};
use crate::testing::{AuthorizationServer, TokenBuilder};
use crate::token::Provider;

/// Unlike the development's own client, none that a policy asks for.
const CLIENT: &str = "access-matrix";

/// `auth_time` lies so many seconds ahead, which a guard allows: so it is recent enough however
/// short the demanded age and long the test.
const AHEAD: u64 = 30;

/// The tokens of an issuer.
pub(super) struct Tokens {
    pub(super) base: TokenBuilder,
    pub(super) provider: Provider,
    pub(super) now: SystemTime,
}

impl Tokens {
    pub(super) fn of(issuer: &AuthorizationServer) -> Self {
        Self::new(issuer.token(), issuer.written_as())
    }

    fn new(token: TokenBuilder, provider: Provider) -> Self {
        let clients = provider.dialect().client_claims();
        let base = clients.fold(token, |token, name| token.claim(name, CLIENT));
        let now = SystemClock.now();
        Self {
            base,
            provider,
            now,
        }
    }

    /// The claims of a token that satisfies these demands, where claims alone can.
    pub(super) fn claims(&self, demands: &[Demand]) -> Map<String, Value> {
        let mut claims = self.base.claims().clone();
        let scopes: Vec<_> = demands.iter().filter_map(scope).collect();
        if !scopes.is_empty() {
            claims.insert("scope".to_owned(), scopes.join(" ").into());
        }
        let mut more = json!({});
        let members = demands.iter().flat_map(|demand| self.members(demand));
        for (path, value) in members.filter(|(path, _)| !path.is_empty()) {
            let wrap = |inner, name: &&str| json!({ *name: inner });
            merge(&mut more, path.iter().rev().fold(value, wrap));
        }
        if let Value::Object(more) = more {
            claims.extend(more);
        }
        claims
    }

    /// A token with these claims.
    pub(super) fn with(&self, claims: Map<String, Value>) -> TokenBuilder {
        self.base.clone().with_claims(claims)
    }

    /// What is written for a demand, and where: nowhere, if the way is empty.
    fn members(&self, demand: &Demand) -> Vec<(Vec<&'static str>, Value)> {
        let dialect = self.provider.dialect();
        match demand {
            Demand::Role(role) => vec![(dialect.role_path().to_vec(), json!([role]))],
            Demand::Claim(path, value) => vec![(path.to_vec(), plain(*value))],
            Demand::Client(client) => {
                let write = |name| (vec![name], json!(client));
                dialect.client_claims().map(write).collect()
            }
            Demand::Acr(acr) => vec![(vec!["acr"], json!(acr))],
            Demand::MaxAge(_) => {
                let now = self.now.duration_since(UNIX_EPOCH).unwrap_or_default();
                vec![(vec!["auth_time"], json!(now.as_secs() + AHEAD))]
            }
            _ => Vec::new(),
        }
    }
}

fn scope(demand: &Demand) -> Option<&'static str> {
    match demand {
        Demand::Scope(name) | Demand::Declared(ScopeEntry { name, .. }) => Some(name),
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

/// Objects take up what is added to them; of two different values a claim is the list.
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
mod tests {
    use proptest::prelude::*;
    use serde_json::Map;

    use super::*;
    use crate::policy::Demand::{Claim, Client, Role};
    use crate::testing::SigningKeys;
    use crate::token::{Found, Registered};

    const PROVIDERS: [Provider; 7] = [
        Provider::Standard,
        Provider::Keycloak,
        Provider::Auth0,
        Provider::Okta,
        Provider::EntraId,
        Provider::Cognito,
        Provider::Google,
    ];

    fn tokens(provider: Provider) -> Tokens {
        let keys = SigningKeys::generate(&[]).unwrap();
        let token = TokenBuilder::new(&keys, "https://id.example.com", "api");
        Tokens::new(token.written_as(provider), provider)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_by_the_provider(
            client in "[!-~]{1,8}",
            roles in prop::collection::vec("[!-~]{1,8}", 0..4),
        ) {
            for provider in PROVIDERS {
                let leak = |text: &String| &*text.clone().leak();
                let mut demands: Vec<_> = roles.iter().map(|role| Role(leak(role))).collect();
                demands.push(Client(leak(&client)));
                let claims = Value::Object(tokens(provider).claims(&demands)).to_string();
                let claims = crate::json::object(claims.as_bytes()).unwrap();

                let dialect = provider.dialect();
                prop_assert!(dialect.is_access_token(claims.root()));
                let registered = Registered::read(&claims, &Found::of(&claims), dialect).unwrap();
                let audiences = || registered.audiences(&claims);
                prop_assert_eq!(audiences().collect::<Vec<_>>(), ["api"]);
                let is_audience = provider == Provider::Cognito;
                let client = if is_audience { "api" } else { &client };
                prop_assert_eq!(dialect.client(claims.root()), Some(client));
                let read: Vec<_> = dialect.roles(claims.root(), audiences()).collect();
                let written: &[_] = if provider == Provider::Google { &[] } else { &roles };
                let is_read = |role: &String| read.contains(&role.as_str());
                prop_assert!(written.iter().all(is_read));
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
            Demand::Scope("s"),
            Demand::Scope("t"),
        ];
        let tokens = tokens(Provider::Standard);
        let mut claims = tokens.claims(&demands);
        let base = tokens.claims(&[]);
        claims.retain(|name, _| !base.contains_key(name));
        let expected = json!({
            "a": {"b": "x", "c": [1, 2]},
            "roles": ["r", "x"],
            "scope": "s t",
        });
        assert_eq!(Value::Object(Map::from_iter(claims)), expected);
    }
}
