//! Tests servers whose tokens have another scheme than `Bearer`, or a header of their own.

use axum::http::HeaderMap;
use axum_protected::{Presentation, RefusalKind, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{App, Call, Log, keys, refused, token, trusting};
use serde_json::json;

const ISSUER: &str = "https://id.example.com";
const HEADER: &str = "Cf-Access-Jwt-Assertion";

fn offline() -> ResourceServerBuilder {
    trusting(axum_protected::Issuer::new(ISSUER).jwks(keys().jwks()))
}

fn with_scheme() -> ResourceServer {
    offline().token_scheme("Token").build().unwrap()
}

fn with_header() -> ResourceServer {
    offline().token_header(HEADER).build().unwrap()
}

fn good() -> String {
    let token = token(ISSUER).subject("alice").claim("email", "a@example.com");
    token.scope("items:read items:write").sign()
}

/// A request to the path with these header lines.
fn call(path: &str, lines: &[(&str, String)]) -> Call {
    lines.iter().fold(Call::get(path), |call, (name, value)| call.header(name, value))
}

const PATHS: [&str; 4] = ["/api/items", "/api/me", "/api/optional", "/api/caller"];

/// A request with its expected refusal: the status and the code. `None` for an accepted request.
type Case<'a> = (&'a [(&'a str, String)], Option<(u16, &'a str)>);

async fn check(app: &App, cases: &[Case<'_>]) {
    for path in PATHS {
        for (lines, expected) in cases {
            match expected {
                None => drop(app.grants(&call(path, lines)).await),
                Some((status, code)) => {
                    let answer = call(path, lines).send(app.address).await;
                    assert_eq!(answer.status, *status, "{path} {lines:?}");
                    assert_eq!(answer.value()["code"], *code, "{path} {lines:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_configured_scheme_is_the_only_scheme() {
    let app = App::serve(with_scheme()).await;
    let good = good();
    let authorization = |value: String| ("Authorization", value);
    let cases: &[Case<'_>] = &[
        (&[authorization(format!("Token {good}"))], None),
        (&[authorization(format!("token {good}"))], None),
        (&[authorization(format!("TOKEN   {good}"))], None),
        (&[authorization(format!("Bearer {good}"))], Some((401, "missing_token"))),
        (&[authorization(format!("Basic {good}"))], Some((401, "missing_token"))),
        (&[authorization(format!("Tokens {good}"))], Some((401, "missing_token"))),
        (&[authorization(good.clone())], Some((401, "missing_token"))),
        (&[authorization("Token".to_owned())], Some((400, "invalid_request"))),
        (&[authorization(format!("Token {good} {good}"))], Some((400, "invalid_request"))),
        (&[authorization(format!("Token\t{good}"))], Some((400, "invalid_request"))),
        (
            &[authorization(format!("Token {good}")), authorization(format!("Bearer {good}"))],
            Some((400, "invalid_request")),
        ),
        (&[(HEADER, good.clone()), authorization(format!("Token {good}"))], None),
    ];
    check(&app, cases).await;
    // A request without a credential is anonymous, a request with another scheme is not.
    app.grants(&Call::get("/api/optional")).await;
}

#[tokio::test]
async fn the_challenge_names_the_configured_scheme() {
    let app = App::serve(with_scheme()).await;
    let expired = token(ISSUER).expired().sign();
    let call = |value: &str| Call::get("/api/items").header("Authorization", value);
    for (call, expected) in [
        (Call::get("/api/items"), r#"Token realm="api", scope="items:read""#),
        (call("Bearer abc"), r#"Token realm="api", scope="items:read""#),
        (call(&format!("Token {expired}")), r#"Token realm="api", error="invalid_token", "#),
    ] {
        let answer = call.send(app.address).await;
        assert_eq!(answer.status, 401);
        let challenge = answer.header("www-authenticate").unwrap();
        assert!(challenge.starts_with(expected), "{challenge}");
    }
}

#[tokio::test]
async fn a_configured_header_is_the_only_header() {
    let app = App::serve(with_header()).await;
    let good = good();
    let token = |value: &str| (HEADER, value.to_owned());
    let authorization = |value: String| ("Authorization", value);
    let cases: &[Case<'_>] = &[
        (&[token(&good)], None),
        (&[("cf-access-jwt-assertion", good.clone())], None),
        (&[token("")], Some((400, "invalid_request"))),
        (&[token(&format!("Bearer {good}"))], Some((400, "invalid_request"))),
        (&[token(&format!("{good}, {good}"))], Some((400, "invalid_request"))),
        (&[token(&good), token(&good)], Some((400, "invalid_request"))),
        (&[token(&good), token("")], Some((400, "invalid_request"))),
        (&[token("abc")], Some((401, "malformed_token"))),
        (&[token(&good), authorization(format!("Bearer {good}"))], Some((400, "invalid_request"))),
        (&[token(&good), authorization("Basic abc".to_owned())], Some((400, "invalid_request"))),
        (&[token(&good), authorization(String::new())], Some((400, "invalid_request"))),
        (&[authorization(format!("Bearer {good}"))], Some((401, "missing_token"))),
        (&[("X-Forwarded-Access-Token", good.clone())], Some((401, "missing_token"))),
    ];
    // `/api/optional` accepts the last request, because it has no credential.
    let (with_credential, foreign) = cases.split_at(cases.len() - 1);
    check(&app, with_credential).await;
    let (lines, _) = foreign[0];
    refused(&call("/api/items", lines).send(app.address).await, 401, "missing_token");
    app.grants(&call("/api/optional", lines)).await;
    app.grants(&Call::get("/api/optional")).await;
    // The challenge keeps the scheme of RFC 6750; `refused` checks its form.
    refused(&Call::get("/api/items").send(app.address).await, 401, "missing_token");

    let huge = "a".repeat(16 * 1024 + 1);
    let answer = Call::get("/api/items").header(HEADER, huge).send(app.address).await;
    refused(&answer, 400, "invalid_request");
}

#[tokio::test]
async fn the_log_names_the_rule_and_the_configured_place() {
    let (log, _guard) = Log::open();
    let header = App::serve(with_header()).await;
    let scheme = App::serve(with_scheme()).await;
    let default = App::serve(offline().build().unwrap()).await;
    let get = || Call::get("/api/items");
    let in_header = "`cf-access-jwt-assertion: <token>`";
    let with_scheme = "`Authorization: Token <token>`";
    for (app, call, rule, expected) in [
        (&header, get(), "no header with the name that `token_header`", Some(in_header)),
        (
            &header,
            get().bearer("s3cret"),
            "and not the header that `token_header`",
            Some(in_header),
        ),
        (
            &header,
            get().bearer("s3cret").header(HEADER, "s3cret"),
            "beside the header that `token_header`",
            Some(in_header),
        ),
        (&scheme, get(), "no `Authorization` header", Some(with_scheme)),
        (&scheme, get().bearer("s3cret"), "not the configured `token_scheme`", Some(with_scheme)),
        (&default, get(), "no `Authorization` header", None),
    ] {
        call.send(app.address).await;
        let events = log.take();
        let [event] = events.as_slice() else { panic!("{events:?}") };
        assert!(event.get("rule").unwrap().contains(rule), "{event:?}");
        assert_eq!(event.get("expected"), expected, "{event:?}");
        assert!(!format!("{event:?}").contains("s3cret"), "{event:?}");
    }
}

#[tokio::test]
async fn headers_are_authenticated_by_the_same_rules() {
    let headers = |lines: &[(&'static str, String)]| -> HeaderMap {
        lines.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    };
    let good = good();
    let scheme = headers(&[("authorization", format!("Token {good}"))]);
    let bearer = headers(&[("authorization", format!("Bearer {good}"))]);
    let header = headers(&[("cf-access-jwt-assertion", good.clone())]);
    for (server, accepted, presentation, refused) in [
        (with_scheme(), &scheme, Presentation::Authorization, [&bearer, &header]),
        (with_header(), &header, Presentation::Header, [&bearer, &scheme]),
        (offline().build().unwrap(), &bearer, Presentation::Authorization, [&scheme, &header]),
    ] {
        let token = server.authenticate(accepted).await.unwrap();
        assert_eq!(token.presentation(), presentation);
        assert_eq!(server.authenticate(&good).await.unwrap().presentation(), Presentation::Text);
        for headers in refused {
            let error = server.authenticate(headers).await.unwrap_err();
            assert_eq!(error.kind(), RefusalKind::MissingToken, "{headers:?}");
        }
    }
}

/// The subprotocol of a websocket is a second place for handshakes, whatever the first place is.
#[tokio::test]
async fn a_websocket_may_offer_its_token_beside_a_configured_place() {
    let good = good();
    let handshake = |lines: &[(&str, String)]| {
        call("/api/me", lines)
            .header("Connection", "Upgrade")
            .header("Upgrade", "websocket")
            .header("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("Sec-WebSocket-Version", "13")
    };
    let offer = ("Sec-WebSocket-Protocol", format!("chat, bearer.{good}"));
    let bearer = ("Authorization", format!("Bearer {good}"));
    let scheme = ("Authorization", format!("Token {good}"));
    let header = (HEADER, good.clone());
    for (builder, own, other) in [
        (offline().token_scheme("Token"), &scheme, &bearer),
        (offline().token_header(HEADER), &header, &bearer),
    ] {
        let app = App::serve(builder.websocket_protocol_token().build().unwrap()).await;
        app.grants(&handshake(std::slice::from_ref(&offer))).await;
        app.grants(&handshake(std::slice::from_ref(own))).await;
        for second in [own, other] {
            let answer = handshake(&[offer.clone(), second.clone()]).send(app.address).await;
            assert_eq!(answer.status, 400, "{second:?}");
        }
        // A request that opens no websocket has no token in this header.
        let answer = call("/api/me", std::slice::from_ref(&offer)).send(app.address).await;
        assert_eq!(answer.status, 401);
    }
}

#[tokio::test]
async fn a_file_and_the_environment_have_the_same_settings() {
    let file = |more: serde_json::Value| {
        let mut file = json!({
            "issuers": [{ "issuer": ISSUER, "jwks": keys().jwks() }],
            "audiences": [axum_protected_tests::AUDIENCE],
        });
        file.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
        let builder: ResourceServerBuilder = serde_json::from_value(file).unwrap();
        builder.build()
    };
    let configured = |server: &ResourceServer| {
        let configuration = server.configuration();
        (configuration.token_scheme.clone(), configuration.token_header.clone())
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(configured(&file(json!({})).unwrap()), (some("Bearer"), None));
    let scheme = file(json!({"token_scheme": "Token"})).unwrap();
    assert_eq!(configured(&scheme), (some("Token"), None));
    let header = file(json!({"token_header": HEADER})).unwrap();
    assert_eq!(configured(&header), (None, some(HEADER)));
    let app = App::serve(header).await;
    app.grants(&call("/api/items", &[(HEADER, good())])).await;

    let both = file(json!({"token_scheme": "Token", "token_header": HEADER})).unwrap_err();
    assert!(both.to_string().contains("both set"), "{both}");
    let twice = format!(r#"{{"token_header": "{HEADER}", "token_header": "X-Token"}}"#);
    assert!(serde_json::from_str::<ResourceServerBuilder>(&twice).is_err());

    let environment = [("OAUTH_ISSUER", ISSUER), ("OAUTH_AUDIENCE", "api")];
    let server = ResourceServer::from_variables(
        environment.into_iter().chain([("OAUTH_TOKEN_HEADER", HEADER)]),
    );
    assert_eq!(configured(&server.unwrap()), (None, some(HEADER)));
    let problems = ResourceServer::from_variables(
        environment
            .into_iter()
            .chain([("OAUTH_TOKEN_HEADER", HEADER), ("OAUTH_TOKEN_SCHEME", "Basic")]),
    );
    let problems = problems.unwrap_err().to_string();
    assert!(
        problems.contains("`OAUTH_TOKEN_SCHEME` and `OAUTH_TOKEN_HEADER` are both"),
        "{problems}"
    );
    assert!(problems.contains("`OAUTH_TOKEN_SCHEME` `Basic`"), "{problems}");
}
