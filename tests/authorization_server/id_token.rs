//! Tests the ID tokens of the authorization code flow.

use std::time::UNIX_EPOCH;

use axum_protected::clock::{Clock, SystemClock};
use serde_json::Value;

use super::test_client::{agree, assert_refused, authorize, claims, header, posted, send, sign_in};
use super::{BATCH, PAGE, SECRET, server};

#[tokio::test]
async fn an_id_token_tells_the_client_who_signed_in() {
    let server = server().await;
    let before = SystemClock.now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let asked = [("scope", "openid items:read"), ("nonce", "n-0S6_WzA2Mj")];
    let response = sign_in(&server, &asked).await;
    assert_eq!(response["scope"], "openid items:read");

    let id_token = &response["id_token"];
    let header = header(id_token);
    assert_eq!((&header["alg"], &header["typ"]), (&"RS256".into(), &"JWT".into()));
    let claims = claims(id_token);
    let mut names: Vec<&str> = claims.as_object().unwrap().keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["at_hash", "aud", "auth_time", "azp", "exp", "iat", "iss", "nonce", "sid", "sub"]
    );
    assert_eq!(claims["iss"], server.issuer());
    assert_eq!(claims["sub"], "bob");
    assert_eq!((&claims["aud"], &claims["azp"]), (&PAGE.into(), &PAGE.into()));
    assert_eq!(claims["sid"], self::claims(&response["access_token"])["sid"]);
    assert_ne!(claims["sid"], self::claims(&sign_in(&server, &asked).await["id_token"])["sid"]);
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert!(claims["auth_time"].as_u64().unwrap() >= before);
    // RS256 has a digest of 32 octets. The base64url of half of it has 22 letters.
    assert_eq!(claims["at_hash"].as_str().unwrap().len(), 22);
}

#[tokio::test]
async fn without_the_scope_openid_there_is_no_id_token() {
    let server = server().await;
    for scope in ["", "items:read"] {
        let response = sign_in(&server, &[("scope", scope), ("nonce", "n")]).await;
        assert_eq!(response.get("id_token"), None, "{scope}");
    }
    let response = sign_in(&server, &[("scope", "openid")]).await;
    assert_eq!(claims(&response["id_token"]).get("nonce"), None);
}

#[tokio::test]
async fn a_refreshed_id_token_keeps_the_sign_in_and_has_no_nonce() {
    let server = server().await;
    let asked = [("scope", "openid items:read"), ("nonce", "n")];
    let response = sign_in(&server, &asked).await;
    let first = claims(&response["id_token"]);
    let refresh = async |token: &Value, scope| {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str().unwrap()),
            ("client_id", PAGE),
            ("scope", scope),
        ];
        send(posted(&server, "/token", &form)).await.json()
    };
    let response = refresh(&response["refresh_token"], "").await;
    let second = claims(&response["id_token"]);
    assert_eq!(second.get("nonce"), None);
    for name in ["iss", "sub", "aud", "azp", "sid", "auth_time"] {
        assert_eq!(first[name], second[name], "{name}");
    }
    assert_ne!(first["at_hash"], second["at_hash"]);
    let response = refresh(&response["refresh_token"], "items:read").await;
    assert_eq!(response.get("id_token"), None);
}

#[tokio::test]
async fn a_client_cannot_request_an_id_token_for_itself() {
    let server = server().await;
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", BATCH),
        ("client_secret", SECRET),
        ("scope", "openid"),
    ];
    assert_refused(&send(posted(&server, "/token", &form)).await, 400, "invalid_scope");
}

#[tokio::test]
async fn a_resource_server_refuses_id_tokens_even_for_its_own_audience() {
    let server = server().await;
    let api = server.resource_server().build().unwrap();
    // An API whose audience is the client itself.
    let own_client = server.resource_server().audience(PAGE).build().unwrap();
    for asked in [&[("scope", "openid")][..], &[("scope", "openid"), ("nonce", "n")]] {
        let response = sign_in(&server, asked).await;
        let id_token = response["id_token"].as_str().unwrap();
        assert!(api.authenticate(id_token).await.is_err());
        let refused = own_client.authenticate(id_token).await.unwrap_err();
        assert_eq!(refused.kind().code(), "wrong_type");
    }
}

#[tokio::test]
async fn what_needs_a_session_or_another_response_is_refused() {
    let server = server().await;
    let cases = [
        ("prompt", "none", "login_required"),
        ("response_mode", "form_post", "invalid_request"),
        ("request", "a.b.c", "request_not_supported"),
        ("request_uri", "https://h/x", "request_uri_not_supported"),
        ("response_type", "code id_token", "unsupported_response_type"),
    ];
    for (name, value, error) in cases {
        let answer = authorize(&server, &[("scope", "openid"), (name, value)]).await;
        assert_eq!(answer.redirect_parameter("error").as_deref(), Some(error), "{name}={value}");
        assert_eq!(answer.redirect_parameter("state").as_deref(), Some("a&b=c d"));
    }
    let page = authorize(&server, &[("prompt", "login consent"), ("max_age", "0")]).await;
    assert_eq!(agree(&server, &page, "bob").await.status, 303);
}
