//! Tests the metadata document, CORS and configuration errors.

use std::time::Duration;

use axum_protected_testing::{AuthorizationServer, Client};
use serde_json::json;

use super::test_client::{Answer, claims, request, send, sign_in};
use super::{CALLBACK, builder, server};

const WELL_KNOWN: [&str; 2] =
    ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"];

#[tokio::test]
async fn the_endpoints_are_published_where_there_are_clients() {
    let server = server().await;
    for path in WELL_KNOWN {
        let metadata = send(request(&server, "GET", path)).await.json();
        assert_eq!(metadata["issuer"], server.issuer());
        assert_eq!(metadata["authorization_endpoint"], server.authorization_endpoint());
        assert_eq!(metadata["token_endpoint"], server.token_endpoint());
        assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
        assert_eq!(metadata["userinfo_endpoint"], server.userinfo_endpoint());
        assert_eq!(metadata["end_session_endpoint"], server.end_session_endpoint());
        assert_eq!(metadata["revocation_endpoint"], server.revocation_endpoint());
        for supported in [
            "authorization_response_iss_parameter_supported",
            "backchannel_logout_supported",
            "backchannel_logout_session_supported",
        ] {
            assert_eq!(metadata[supported], true, "{supported}");
        }
        assert_eq!(metadata["scopes_supported"][0], "items:read");
        assert!(metadata["scopes_supported"].as_array().unwrap().contains(&json!("openid")));
        assert_eq!(metadata["response_modes_supported"], json!(["query"]));
        assert_eq!(metadata["request_uri_parameter_supported"], false);
        assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["RS256"]));
        assert_eq!(
            metadata["token_endpoint_auth_methods_supported"],
            json!(["none", "client_secret_basic", "client_secret_post"])
        );
        assert_eq!(
            metadata["grant_types_supported"],
            json!(["authorization_code", "refresh_token", "client_credentials"])
        );
    }
}

#[tokio::test]
async fn without_clients_the_endpoints_are_neither_served_nor_published() {
    let started = AuthorizationServer::start().await.unwrap();
    let built = AuthorizationServer::builder().start().await.unwrap();
    for server in [started, built] {
        for path in WELL_KNOWN {
            let body = send(request(&server, "GET", path)).await.body;
            assert!(!body.contains("endpoint") && !body.contains("grant_types"), "{body}");
        }
        let endpoints = [
            ("GET", "/authorize"),
            ("POST", "/consent"),
            ("POST", "/token"),
            ("POST", "/par"),
            ("POST", "/revoke"),
            ("POST", "/introspect"),
            ("GET", "/userinfo"),
            ("GET", "/logout"),
        ];
        for (method, path) in endpoints {
            assert_eq!(send(request(&server, method, path)).await.status, 404);
        }
    }
}

#[tokio::test]
async fn cors_allows_only_the_origins_of_clients() {
    let server = server().await;
    let preflight = async |path: &str, origin: &str| {
        let call = request(&server, "OPTIONS", path)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header(
                "access-control-request-headers",
                "content-type,x-requested-with,mcp-protocol-version",
            );
        send(call).await
    };
    let allowed = |answer: &Answer| answer.header("access-control-allow-origin").to_owned();
    let answer = preflight("/token", "http://127.0.0.1:3000").await;
    assert_eq!(allowed(&answer), "http://127.0.0.1:3000");
    assert!(answer.header("access-control-allow-methods").contains("POST"));
    for name in ["x-requested-with", "mcp-protocol-version", "authorization"] {
        assert!(answer.header("access-control-allow-headers").contains(name), "{name}");
    }
    assert_eq!(answer.header("access-control-allow-credentials"), "");
    for origin in ["http://127.0.0.1:3001", "http://localhost:3000", "null", CALLBACK] {
        assert_eq!(allowed(&preflight("/token", origin).await), "", "{origin}");
    }
    for path in ["/authorize", "/consent", "/logout"] {
        let answer = preflight(path, "http://127.0.0.1:3000").await;
        assert_eq!((answer.status, allowed(&answer)), (405, String::new()));
    }
    // Error responses have the CORS header too.
    let call = request(&server, "POST", "/token").header("origin", "http://127.0.0.1:3000");
    assert_eq!(allowed(&send(call).await), "http://127.0.0.1:3000");
}

#[tokio::test]
async fn an_invalid_configuration_does_not_start() {
    let builder = AuthorizationServer::builder()
        .client(Client::public("page").redirect_uri("http://app.example.com/"))
        .client(Client::public("page"))
        .scopes(["items read"]);
    let error = builder.start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "the authorization server cannot be started: \
         the scope \"items read\" is not a scope-token; \
         the client `page` is registered twice; \
         the redirect URI `http://app.example.com/` is not https: http is for loopback only; \
         the client `page` has neither a redirect URI nor a secret: it cannot get a token"
    );
}

#[tokio::test]
async fn values_that_no_client_could_request_do_not_start() {
    let without_clients = AuthorizationServer::builder;
    let types = without_clients().authorization_details_types(["account"]).start().await;
    let acr_values = without_clients().acr_values(["mfa"]).start().await;
    for refused in [types, acr_values] {
        assert_eq!(
            refused.unwrap_err().to_string(),
            "the authorization server cannot be started: there are types of authorization details \
             or `acr` values but no client that could request them"
        );
    }
}

#[tokio::test]
async fn the_port_is_chosen_and_must_be_free() {
    let first = server().await;
    let port: u16 = first.issuer().rsplit(':').next().unwrap().parse().unwrap();
    let error = builder().port(port).start().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    assert!(error.to_string().contains(&format!("cannot listen on 127.0.0.1:{port}: ")), "{error}");

    let issuer = first.issuer().to_owned();
    drop(first);
    // The listener closes when the runtime next polls the task of the server.
    let restart = async {
        loop {
            match builder().port(port).start().await {
                Ok(server) => break server,
                Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse),
            }
            tokio::task::yield_now().await;
        }
    };
    let restarted = tokio::time::timeout(Duration::from_secs(10), restart).await.unwrap();
    assert_eq!(restarted.issuer(), issuer);
}

#[tokio::test]
async fn the_lifetime_of_tokens_is_between_a_second_and_a_year() {
    let year = Duration::from_secs(365 * 24 * 3600);
    for lifetime in [Duration::ZERO, Duration::from_millis(999), Duration::MAX] {
        let error = builder().token_lifetime(lifetime).start().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the authorization server cannot be started: \
             the token lifetime is not between a second and a year"
        );
    }
    for (lifetime, seconds) in [(Duration::from_millis(1900), 1), (year, 31_536_000)] {
        let server = builder().token_lifetime(lifetime).start().await.unwrap();
        let response = sign_in(&server, &[("scope", "openid")]).await;
        assert_eq!(response["expires_in"], seconds);
        for name in ["access_token", "id_token"] {
            let claims = claims(&response[name]);
            let (exp, iat) = (claims["exp"].as_u64().unwrap(), claims["iat"].as_u64().unwrap());
            assert_eq!(exp - iat, seconds, "{name}");
        }
    }
}

#[test]
fn debug_output_omits_secrets() {
    let client = Client::confidential("batch", "hidden");
    assert!(!format!("{client:?}").contains("hidden"));
    let builder = AuthorizationServer::builder().client(client);
    assert!(!format!("{builder:?}").contains("hidden"));
}
