//! Tests authorization details (RFC 9396): demands of policies, details as types, and the refusal of
//! details that no policy demands.

use axum::RequestExt;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Path, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum_protected::routing::{get, post};
use axum_protected::{
    AccessToken, Authorized, Denied, Policy, ProtectedLayer, ProtectedRouter, Refusal,
    ResourceServer, ResourceServerBuilder, check, protected,
};
use axum_protected_testing::AuthorizationServer;
use serde::Deserialize;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::api::challenge;

const RESOURCE: &str = "https://api.example.com";

#[derive(Deserialize)]
struct Payment {
    actions: Vec<String>,
    cents: u64,
}

#[derive(Policy)]
#[policy(details(type = "payment_initiation", actions = all("initiate", "status")))]
struct CanPay;

#[derive(Policy)]
#[policy(scope = "items:read")]
struct Reads;

#[check]
async fn is_permitted(Path(cents): Path<u64>, token: AccessToken) -> Result<(), Denied> {
    let payments = token.details::<Payment>("payment_initiation")?;
    let mut initiations =
        payments.iter().filter(|payment| payment.actions.iter().any(|action| action == "initiate"));
    if initiations.any(|payment| payment.cents == cents) { Ok(()) } else { Err(Denied) }
}

#[protected(details(type = "payment_initiation", actions = all("initiate", "status")))]
async fn pay() {}

#[protected(policy = CanPay)]
async fn pay_by_policy(_: Authorized<CanPay>) {}

#[protected(any(scope = "payments:write", details(type = "payment_initiation")))]
async fn pay_by_scope() {}

#[protected(details(type = "payment_initiation", actions = "initiate"), check = is_permitted)]
async fn pay_amount() {}

#[protected(scope = "items:read")]
async fn items() {}

#[protected]
async fn me() {}

/// Continues with the request, whether or not the policy admits the token.
async fn inspect(
    State(server): State<ResourceServer>,
    mut request: Request,
    next: Next,
) -> Response {
    let _: Result<Authorized<CanPay>, Refusal> =
        request.extract_parts_with_state(&server).await.unwrap();
    next.run(request).await
}

async fn plain(token: AccessToken) -> String {
    token.details_with_unknown_members::<Value>("payment_initiation").unwrap().len().to_string()
}

struct Bank {
    issuer: AuthorizationServer,
    server: ResourceServer,
    app: Router,
}

impl Bank {
    async fn start(settings: impl FnOnce(ResourceServerBuilder) -> ResourceServerBuilder) -> Self {
        let issuer = AuthorizationServer::start().await.unwrap();
        let server = settings(issuer.resource_server().resource(RESOURCE)).build().unwrap();
        let guarded = ProtectedRouter::<ResourceServer>::new()
            .route("/pay", post(pay))
            .route("/items", get(items))
            .guard(ProtectedLayer::<Reads, _>::new(server.clone()));
        let demanding = ProtectedRouter::<ResourceServer>::new()
            .route("/items", get(items))
            .guard(ProtectedLayer::<CanPay, _>::new(server.clone()));
        let layered = Router::new()
            .route("/pay", axum::routing::post(pay))
            .layer(ProtectedLayer::<Reads, _>::new(server.clone()))
            .with_state(server.clone());
        let inspected = Router::new()
            .route("/items", axum::routing::get(items))
            .with_state(server.clone())
            .layer(from_fn_with_state(server.clone(), inspect));
        let app = ProtectedRouter::new()
            .route("/pay", post(pay))
            .route("/pay/policy", post(pay_by_policy))
            .route("/pay/scope", post(pay_by_scope))
            .route("/pay/amount/{cents}", post(pay_amount))
            .route("/items", get(items))
            .route("/me", get(me))
            .nest("/guarded", guarded)
            .nest("/demanding", demanding)
            .with_state(server.clone())
            .into_router()
            .unwrap()
            .nest("/layered", layered)
            .nest("/inspected", inspected)
            .route("/plain", axum::routing::get(plain).with_state(server.clone()));
        Self { issuer, server, app }
    }

    /// Sends a request with a token that has this claim, and returns the status, the code of the
    /// refusal and the challenge.
    async fn call(&self, method: &str, path: &str, details: &Value) -> (u16, String, String) {
        let token = self.issuer.token().scope("items:read");
        let token = match details {
            Value::Null => token,
            details => token.claim("authorization_details", details.clone()),
        };
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {}", token.sign()))
            .body(Body::empty())
            .unwrap();
        let response = self.app.clone().oneshot(request).await.unwrap();
        let (status, challenge) = (response.status().as_u16(), challenge(&response));
        let body = to_bytes(response.into_body(), 10_000).await.unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap_or_default();
        (
            status,
            problem.get("code").and_then(Value::as_str).unwrap_or_default().to_owned(),
            challenge,
        )
    }

    async fn status(&self, method: &str, path: &str, details: &Value) -> u16 {
        self.call(method, path, details).await.0
    }
}

fn full() -> Value {
    json!([{"type": "payment_initiation", "actions": ["status", "initiate"], "cents": 12}])
}

fn elsewhere() -> Value {
    json!([{
        "type": "payment_initiation",
        "actions": ["status", "initiate"],
        "locations": ["https://other.example.com"],
    }])
}

#[tokio::test]
async fn one_object_for_this_api_satisfies_a_demand() {
    let bank = Bank::start(|builder| builder.public_url("https://gate.example.com/bank")).await;
    let at = |location: &str| {
        json!([{
            "type": "payment_initiation",
            "actions": ["initiate", "status"],
            "locations": [location],
        }])
    };
    let cases = [
        (full(), 200),
        (json!([{"type": "account"}, full()[0]]), 200),
        (at(bank.issuer.audience()), 200),
        (at(RESOURCE), 200),
        (at("https://gate.example.com/bank"), 200),
        (at("https://gate.example.com"), 403),
        (at("https://api.example.com/"), 403),
        (elsewhere(), 403),
        (Value::Null, 403),
        (json!([]), 403),
        (json!([{"type": "payment_initiation", "actions": ["initiate"]}]), 403),
        (json!([{"type": "Payment_initiation", "actions": ["initiate", "status"]}]), 403),
        (
            json!([
                {"type": "payment_initiation", "actions": ["initiate"]},
                {"type": "payment_initiation", "actions": ["status"]},
            ]),
            403,
        ),
    ];
    for (details, expected) in cases {
        for path in ["/pay", "/pay/policy"] {
            assert_eq!(bank.status("POST", path, &details).await, expected, "{path} {details}");
        }
        assert_eq!(bank.status("GET", "/items", &details).await, 200, "{details}");
    }
}

#[tokio::test]
async fn a_lack_of_details_names_no_scopes() {
    let bank = Bank::start(|builder| builder).await;
    let (status, code, challenge) = bank.call("POST", "/pay", &elsewhere()).await;
    assert_eq!((status, code.as_str()), (403, "insufficient_scope"));
    assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
    assert!(!challenge.contains("scope=\""), "{challenge}");
    let (_, _, challenge) = bank.call("POST", "/pay/scope", &Value::Null).await;
    assert!(challenge.contains("scope=\"payments:write\""), "{challenge}");
}

#[tokio::test]
async fn malformed_details_make_the_token_invalid() {
    let bank = Bank::start(|builder| builder).await;
    for details in [
        json!({"type": "payment_initiation"}),
        json!("payment_initiation"),
        json!(1),
        json!(true),
        json!(["payment_initiation"]),
        json!([{"actions": ["initiate"]}]),
        json!([{"type": 7}]),
        json!([{"type": null}]),
        json!([{"type": ["payment_initiation"]}]),
        json!([full()[0], null]),
        json!([[full()[0]]]),
    ] {
        for (method, path) in [("POST", "/pay"), ("GET", "/me"), ("GET", "/plain")] {
            let (status, code, _) = bank.call(method, path, &details).await;
            assert_eq!((status, code.as_str()), (401, "malformed_claim"), "{path} {details}");
        }
    }
    let token = bank.issuer.token().claim("authorization_details", json!([{}])).sign();
    let error = bank.server.authenticate(&token).await.unwrap_err();
    assert_eq!(error.claim(), Some("authorization_details"));
}

#[tokio::test]
async fn a_check_compares_the_content_of_the_details() {
    let bank = Bank::start(|builder| builder).await;
    let with = |more: Value| {
        let mut object = full()[0].clone();
        object.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        json!([object])
    };
    let cases = [
        ("12", with(json!({})), 200),
        ("13", with(json!({})), 403),
        (
            "13",
            json!([full()[0], {"type": "payment_initiation", "actions": ["status"], "cents": 13}]),
            403,
        ),
        ("12", with(json!({"currency": "EUR"})), 403),
        ("12", with(json!({"cents": "12"})), 403),
        ("12", with(json!({"locations": [RESOURCE]})), 200),
    ];
    for (cents, details, expected) in cases {
        let path = format!("/pay/amount/{cents}");
        assert_eq!(bank.status("POST", &path, &details).await, expected, "{path} {details}");
    }
}

#[tokio::test]
async fn details_that_no_policy_demands_are_refused_if_the_configuration_says_so() {
    let bank = Bank::start(ResourceServerBuilder::refuse_undemanded_details).await;
    // Both for a token that the server has not seen, and for a token that it has verified before.
    for _ in 0..2 {
        for details in [full(), elsewhere(), json!([{"type": "unknown"}])] {
            for path in ["/items", "/me", "/guarded/items"] {
                let (status, code, challenge) = bank.call("GET", path, &details).await;
                assert_eq!(
                    (status, code.as_str()),
                    (403, "undemanded_details"),
                    "{path} {details}"
                );
                assert!(challenge.contains("error=\"insufficient_scope\""), "{challenge}");
                assert!(!challenge.contains("scope=\""), "{challenge}");
            }
        }
        for none in [Value::Null, json!([])] {
            for path in ["/items", "/me", "/guarded/items", "/plain"] {
                assert_eq!(bank.status("GET", path, &none).await, 200, "{path} {none}");
            }
        }
        for path in ["/pay", "/pay/policy", "/pay/scope", "/pay/amount/12", "/guarded/pay"] {
            assert_eq!(bank.status("POST", path, &full()).await, 200, "{path}");
        }
        // The guard of the group demands details, so the handler behind it admits them.
        assert_eq!(bank.status("GET", "/demanding/items", &full()).await, 200);
        assert_eq!(
            bank.call("GET", "/demanding/items", &elsewhere()).await.1,
            "insufficient_scope"
        );
        // A layer that does not know the policies behind it refuses the details.
        assert_eq!(bank.call("POST", "/layered/pay", &full()).await.1, "undemanded_details");
        // The handler reads the details by itself.
        assert_eq!(bank.status("GET", "/plain", &full()).await, 200);
    }
}

/// A guard that refuses a token leaves no permission for later guards.
#[tokio::test]
async fn a_refused_demand_for_details_admits_none_later() {
    let bank = Bank::start(ResourceServerBuilder::refuse_undemanded_details).await;
    for _ in 0..2 {
        for details in [elsewhere(), json!([{"type": "unknown"}])] {
            let (status, code, _) = bank.call("GET", "/inspected/items", &details).await;
            assert_eq!((status, code.as_str()), (403, "undemanded_details"), "{details}");
        }
        for details in [full(), Value::Null] {
            assert_eq!(bank.status("GET", "/inspected/items", &details).await, 200, "{details}");
        }
    }
}

#[tokio::test]
async fn details_are_ignored_where_the_configuration_says_nothing() {
    let bank = Bank::start(|builder| builder).await;
    for path in ["/items", "/me", "/guarded/items", "/plain"] {
        assert_eq!(bank.status("GET", path, &elsewhere()).await, 200, "{path}");
    }
    assert_eq!(bank.status("POST", "/layered/pay", &full()).await, 200);
}

#[test]
fn a_configuration_file_has_the_setting() {
    let builder: ResourceServerBuilder = serde_json::from_value(json!({
        "issuers": [{ "issuer": "https://id.example.com" }],
        "audiences": ["api"],
        "refuse_undemanded_details": true,
    }))
    .unwrap();
    assert!(builder.build().unwrap().configuration().refuse_undemanded_details);
}
