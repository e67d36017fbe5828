//! Tests rich authorization requests (RFC 9396).

use axum_protected_testing::{
    AuthorizationServer, AuthorizationServerBuilder, Client, ProtectedResource,
};
use serde_json::{Value, json};

use super::test_client::{
    assert_refused, authorize, claims, code_for, posted, redeem, refresh, request, send, sign_in,
};
use super::{BATCH, CALLBACK, PAGE, SECRET, builder};

const CREDENTIALS: [(&str, &str); 3] =
    [("grant_type", "client_credentials"), ("client_id", BATCH), ("client_secret", SECRET)];

fn with_types(builder: AuthorizationServerBuilder) -> AuthorizationServerBuilder {
    builder.authorization_details_types(["payment_initiation", "account"])
}

async fn server() -> AuthorizationServer {
    with_types(builder()).start().await.unwrap()
}

fn payment() -> Value {
    json!({
        "type": "payment_initiation",
        "actions": ["initiate", "status"],
        "instructedAmount": { "currency": "EUR", "amount": "123.50" },
    })
}

fn account() -> Value {
    json!({ "type": "account", "identifier": "<7>" })
}

#[tokio::test]
async fn the_granted_details_are_in_the_response_and_in_the_token() {
    let server = server().await;
    let both = json!([payment(), account()]);
    let requested = ("authorization_details", both.to_string());
    let requested = [(requested.0, requested.1.as_str())];
    let response = sign_in(&server, &requested).await;
    assert_eq!(response["authorization_details"], both);
    assert_eq!(claims(&response["access_token"])["authorization_details"], both);

    let of_client = send(posted(&server, "/token", &[&CREDENTIALS, &requested[..]].concat())).await;
    assert_eq!(claims(&of_client.json()["access_token"])["authorization_details"], both);

    let without = sign_in(&server, &[]).await;
    assert_eq!(without.get("authorization_details"), None);
    assert_eq!(claims(&without["access_token"]).get("authorization_details"), None);
}

#[tokio::test]
async fn the_user_sees_the_details() {
    let server = server().await;
    let details = json!([account()]).to_string();
    let page = authorize(&server, &[("authorization_details", &details)]).await;
    assert!(page.body.contains("&quot;type&quot;:&quot;account&quot;"), "{}", page.body);
    assert!(page.body.contains("&lt;7&gt;") && !page.body.contains("<7>"), "{}", page.body);
    let page = authorize(&server, &[]).await;
    assert!(!page.body.contains("authorization details"));
}

#[tokio::test]
async fn a_token_request_gets_a_part_of_the_granted_details() {
    let server = server().await;
    let both = json!([payment(), account()]).to_string();
    let one = json!([account()]);
    let one_text = one.to_string();
    let code = code_for(&server, &[("authorization_details", &both)]).await;
    let response = redeem(&server, &code, &[("authorization_details", &one_text)]).await.json();
    assert_eq!(claims(&response["access_token"])["authorization_details"], one);

    // The refresh token keeps what the user has granted.
    let refreshed = async |token: &Value, details: Option<&str>| {
        let named = details.map(|details| ("authorization_details", details));
        let form: Vec<_> = [("client_id", PAGE)].into_iter().chain(named).collect();
        refresh(&server, token["refresh_token"].as_str().unwrap(), &form).await
    };
    let more = json!([{ "type": "account", "identifier": "8" }]).to_string();
    let refused = refreshed(&response, Some(&more)).await;
    assert_refused(&refused, 400, "invalid_authorization_details");
    let all = refreshed(&response, None).await.json();
    assert_eq!(all["authorization_details"], json!([payment(), account()]));
    let less = refreshed(&all, Some(&one_text)).await.json();
    assert_eq!(less["authorization_details"], one);

    let code = code_for(&server, &[]).await;
    let refused = redeem(&server, &code, &[("authorization_details", &one_text)]).await;
    assert_refused(&refused, 400, "invalid_authorization_details");
}

#[tokio::test]
async fn wrong_details_are_refused_in_each_request() {
    let server = server().await;
    let unknown = json!([{ "type": "unknown" }]).to_string();
    for wrong in ["{", "{}", "[1]", "[{}]", unknown.as_str()] {
        let wrong = ("authorization_details", wrong);
        let answer = authorize(&server, &[wrong]).await;
        let error = answer.redirect_parameter("error");
        assert_eq!(error.as_deref(), Some("invalid_authorization_details"), "{wrong:?}");
        let form = [&CREDENTIALS[..], &[wrong]].concat();
        let answer = send(posted(&server, "/token", &form)).await;
        assert_refused(&answer, 400, "invalid_authorization_details");
    }
    let without_types = builder().start().await.unwrap();
    let details = json!([account()]).to_string();
    let answer = authorize(&without_types, &[("authorization_details", &details)]).await;
    let error = answer.redirect_parameter("error");
    assert_eq!(error.as_deref(), Some("invalid_authorization_details"));
}

#[tokio::test]
async fn pushed_details_are_in_the_answer_about_an_opaque_token() {
    let server = with_types(AuthorizationServer::builder())
        .client(Client::public(PAGE).redirect_uri(CALLBACK).opaque_access_tokens())
        .protected_resource(ProtectedResource::bearer("payments", "secret"))
        .scopes(["items:read", "items:write"])
        .start()
        .await
        .unwrap();
    let details = json!([payment()]);
    let text = details.to_string();
    let pushed = [
        ("client_id", PAGE),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        ("code_challenge", super::test_client::CHALLENGE),
        ("code_challenge_method", "S256"),
        ("authorization_details", &text),
    ];
    let pushed = send(posted(&server, "/par", &pushed)).await.json();
    let uri = pushed["request_uri"].as_str().unwrap();
    let response = sign_in(&server, &[("request_uri", uri)]).await;
    let token = response["access_token"].as_str().unwrap();
    let question = posted(&server, "/introspect", &[("token", token)])
        .header("authorization", "Bearer secret");
    assert_eq!(send(question).await.json()["authorization_details"], details);
}

#[tokio::test]
async fn the_metadata_names_the_types() {
    let path = "/.well-known/oauth-authorization-server";
    let metadata = send(request(&server().await, "GET", path)).await.json();
    let types = json!(["payment_initiation", "account"]);
    assert_eq!(metadata["authorization_details_types_supported"], types);
    let without = builder().start().await.unwrap();
    let metadata = send(request(&without, "GET", path)).await.json();
    assert_eq!(metadata.get("authorization_details_types_supported"), None);

    let error = builder().authorization_details_types(["", "a", "a"]).start().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the authorization server cannot be started: \
         a type of authorization details is empty; \
         the type of authorization details \"a\" appears twice"
    );
}
