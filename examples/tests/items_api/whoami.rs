//! Tests the route that returns the caller.

use axum_protected_testing::{AuthorizationServer, TokenBuilder};
use serde_json::{Value, json};

use super::PROGRAM;
use super::configuration::{file, trusting};
use super::program::Running;

/// A running program that trusts the issuer by a configuration file.
struct Api {
    running: Running,
    origin: String,
}

impl Api {
    fn start(name: &str, issuers: &Value) -> Self {
        Self::configured_by(&trusting(name, issuers))
    }

    fn configured_by(file: &str) -> Self {
        let variables = [("ITEMS_API_CONFIG", file)];
        let mut running = Running::start_with(PROGRAM, "ITEMS_API_ADDR", &variables);
        let line = running.line();
        let origin = line.strip_prefix("listening on ").unwrap().to_owned();
        Self { running, origin }
    }

    async fn caller(&self, token: &TokenBuilder) -> (u16, Value) {
        let request = reqwest::Client::new().get(format!("{}/api/whoami", self.origin));
        let response = request.bearer_auth(token.clone().sign()).send().await.unwrap();
        let status = response.status().as_u16();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }
}

#[tokio::test]
async fn the_caller_is_the_one_that_a_handler_sees() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let settings = json!([{ "issuer": issuer.issuer(), "audiences": [issuer.audience()] }]);
    let mut api = Api::start("whoami.json", &settings);
    let full = issuer
        .token()
        .subject("alice")
        .claim("client_id", "web")
        .claim("roles", json!(["admin", "editor"]))
        .scope("items:read items:write");
    assert_eq!(
        api.caller(&full).await,
        (
            200,
            json!({
                "issuer": issuer.issuer(),
                "subject": "alice",
                "client": "web",
                "tenant": null,
                "roles": ["admin", "editor"],
                "scopes": ["items:read", "items:write"],
                "proof": null,
            })
        )
    );
    // A token of a machine without any rights.
    let bare = ["sub", "client_id", "azp", "scope", "roles"]
        .into_iter()
        .fold(issuer.token(), TokenBuilder::without);
    let (status, caller) = api.caller(&bare).await;
    assert_eq!(status, 200);
    for name in ["subject", "client", "tenant", "proof"] {
        assert_eq!(caller.get(name), Some(&Value::Null), "{name}");
    }
    assert_eq!((&caller["roles"], &caller["scopes"]), (&json!([]), &json!([])));
    let (status, _) = api.caller(&issuer.token().expired()).await;
    assert_eq!(status, 401);
    api.running.child.kill().unwrap();
}

/// The rule needs the address of the peer, so the program must provide it.
#[tokio::test]
async fn a_token_that_came_in_clear_is_refused_if_the_file_says_so() {
    let issuer = AuthorizationServer::start().await.unwrap();
    for (name, proxies, expected) in
        [("https.json", json!([]), 200), ("proxy.json", json!(["127.0.0.1"]), 400)]
    {
        let configuration = json!({
            "issuers": [{ "issuer": issuer.issuer() }],
            "audiences": [issuer.audience()],
            "require_https": true,
            "trusted_proxies": proxies,
        });
        let api = Api::configured_by(&file(name, &configuration.to_string()));
        let (status, body) = api.caller(&issuer.token()).await;
        assert_eq!(status, expected, "{name}: {body}");
    }
}
