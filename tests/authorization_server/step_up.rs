//! Tests stronger and more recent sign-ins (RFC 9470).

use std::time::UNIX_EPOCH;

use axum_protected::clock::{Clock, SystemClock};
use axum_protected_testing::AuthorizationServer;
use serde_json::{Value, json};

use super::test_client::{authorize, claims, refresh, request, send, sign_in};
use super::{PAGE, builder, server};

fn seconds_now() -> u64 {
    SystemClock.now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

fn access_claims(response: &Value) -> Value {
    claims(&response["access_token"])
}

#[tokio::test]
async fn the_tokens_say_how_and_when_the_user_signed_in() {
    let server = server().await;
    let before = seconds_now();
    let weak = sign_in(&server, &[("scope", "openid")]).await;
    assert_eq!(access_claims(&weak).get("acr"), None);
    let time = access_claims(&weak)["auth_time"].as_u64().unwrap();
    assert!((before..=seconds_now()).contains(&time));

    // A client repeats the request with what the resource server demands.
    let demanded = [("scope", "openid"), ("acr_values", "mfa pwd"), ("max_age", "60")];
    let strong = sign_in(&server, &demanded).await;
    assert_eq!(access_claims(&strong)["acr"], "mfa");
    assert_eq!(claims(&strong["id_token"])["acr"], "mfa");
    assert_eq!(access_claims(&strong)["auth_time"], claims(&strong["id_token"])["auth_time"]);

    let resource_server = server.resource_server().build().unwrap();
    let token = resource_server.authenticate(strong["access_token"].as_str().unwrap());
    assert_eq!(token.await.unwrap().claim_str("acr"), Some("mfa"));

    // A refresh is not a sign-in (RFC 9068 section 2.2.1).
    let token = strong["refresh_token"].as_str().unwrap();
    let refreshed = refresh(&server, token, &[("client_id", PAGE)]).await.json();
    for name in ["acr", "auth_time"] {
        assert_eq!(access_claims(&refreshed)[name], access_claims(&strong)[name], "{name}");
    }
}

#[tokio::test]
async fn only_the_classes_of_the_server_are_granted() {
    let server = builder().acr_values(["pwd", "mfa"]).start().await.unwrap();
    let response = sign_in(&server, &[("acr_values", "hwk mfa pwd")]).await;
    assert_eq!(access_claims(&response)["acr"], "mfa");
    let error = async |server: &AuthorizationServer, name, value| {
        authorize(server, &[(name, value)]).await.redirect_parameter("error")
    };
    let unmet = error(&server, "acr_values", "hwk").await;
    assert_eq!(unmet.as_deref(), Some("unmet_authentication_requirements"));
    assert_eq!(error(&server, "max_age", "soon").await.as_deref(), Some("invalid_request"));

    let path = "/.well-known/oauth-authorization-server";
    let metadata = send(request(&server, "GET", path)).await.json();
    assert_eq!(metadata["acr_values_supported"], json!(["pwd", "mfa"]));
    let error = builder().acr_values(["a b", "", "a", "a"]).start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authorization server cannot be started: the `acr` \"a b\" is empty or has a space; \
         the `acr` \"\" is empty or has a space; the `acr` \"a\" appears twice"
    );
}
