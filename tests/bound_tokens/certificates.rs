//! Tests tokens that are bound to a client certificate (RFC 8705): the certificate of the TLS
//! connection, and the certificate in the header of a proxy.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::routing::get;
use axum::{Extension, Router};
use axum_protected::introspection::Introspection;
use axum_protected::server::ClientCertificateFormat::{self, Envoy, Nginx, Rfc9440};
use axum_protected::server::{ClientCertificate, ClientCertificateHeader};
use axum_protected::{
    AccessToken, Issuer, Policy, Proof, ProtectedLayer, RefusalKind, ResourceServer,
    ResourceServerBuilder,
};
use axum_protected_testing::{AuthorizationServer, ProtectedResource, TokenBuilder};
use axum_protected_tests::{App, Call, Connection, Log, keys, refused, token, trusting};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::json;
use tokio::net::TcpListener;

const ISSUER: &str = "https://id.example.com";

/// RFC 8705 appendix A, figure 6. Its chain ends at no trusted root, and it has expired.
const PEM: &str = include_str!("../data/rfc8705/certificate.pem");
/// RFC 8705 appendix A, figure 5.
const THUMBPRINT: &str = "A4DtL2JmUMhAsvJj5tKyn64SqzmuXbMrJa0n761y5v0";
/// RFC 9440 appendix A: another certificate.
const OTHER: &str = include_str!("../data/rfc9440/client-cert.txt");

const PROXY: &str = "10.1.2.3";
const CLIENT: &str = "192.0.2.7";

fn der() -> Vec<u8> {
    let base64: String = PEM.lines().filter(|line| !line.starts_with('-')).collect();
    STANDARD.decode(base64).unwrap()
}

fn other_der() -> Vec<u8> {
    STANDARD.decode(OTHER.trim_matches(':')).unwrap()
}

fn builder() -> ResourceServerBuilder {
    trusting(Issuer::new(ISSUER).jwks(keys().jwks()))
}

fn behind_proxy(header: impl Into<ClientCertificateHeader>) -> ResourceServer {
    builder().trusted_proxy("10.0.0.0/8").client_certificate_header(header).build().unwrap()
}

fn unbound() -> TokenBuilder {
    token(ISSUER).scope("items:read").claim("email", "a@example.com")
}

fn bound() -> String {
    unbound().claim("cnf", json!({ "x5t#S256": THUMBPRINT })).sign()
}

/// Serves an API as code that terminates TLS does it for a connection with this certificate.
async fn with_connection(server: ResourceServer, certificate: Option<&[u8]>) -> App {
    let certificate = certificate.map(ClientCertificate::from_der);
    App::serve_over_tls(server, |router| match certificate {
        Some(certificate) => router.layer(Extension(certificate)),
        None => router,
    })
    .await
}

/// Serves an API whose requests all come from this peer.
async fn with_peer(server: ResourceServer, peer: &str) -> App {
    let peer = SocketAddr::new(peer.parse().unwrap(), 50_000);
    App::serve_over_tls(server, |router| router.layer(Extension(ConnectInfo(peer)))).await
}

fn rfc9440() -> String {
    format!(":{}:", STANDARD.encode(der()))
}

/// Encodes all characters except the unreserved ones, as nginx does.
fn nginx() -> String {
    let one = |byte: u8| match byte {
        b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    PEM.bytes().map(one).collect()
}

fn envoy() -> String {
    format!("By=spiffe://example.com/api;Cert=\"{}\";Subject=\"CN=mtls\";URI=", nginx())
}

fn call(token: TokenBuilder) -> Call {
    Call::get("/api/items").bearer(&token.sign())
}

/// A request with the bound token.
fn items() -> Call {
    Call::get("/api/items").bearer(&bound())
}

/// The guard and the extractors have one rule. The last path meets a token in the cache.
const PATHS: [&str; 5] = ["/api/items", "/api/me", "/api/optional", "/api/caller", "/api/items"];

#[tokio::test]
async fn the_certificate_of_the_connection_is_that_of_the_token() {
    let (certificate, other) = (der(), other_der());
    let right = with_connection(builder().build().unwrap(), Some(&certificate)).await;
    let wrong = with_connection(builder().build().unwrap(), Some(&other)).await;
    let none = with_connection(builder().build().unwrap(), None).await;
    for path in PATHS {
        let call = Call::get(path).bearer(&bound());
        right.grants(&call).await;
        wrong.refuses(&call, 401, "wrong_proof_key").await;
        none.refuses(&call, 401, "bound_token").await;
    }
    // Clients with other tokens use the same listener.
    for app in [right, wrong, none] {
        app.grants(&call(unbound())).await;
        app.refuses(&Call::get("/api/items"), 401, "missing_token").await;
        app.grants(&Call::get("/health")).await;
    }
}

/// Only the unpadded base64url of the SHA-256 of the DER is the thumbprint (RFC 8705 section 3.1).
#[tokio::test]
async fn each_other_spelling_of_the_thumbprint_is_refused() {
    let digest = URL_SAFE_NO_PAD.decode(THUMBPRINT).unwrap();
    let hex = digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    // openssl x509 -in certificate.pem -noout -fingerprint -sha1
    let sha1 = "T8Qp8fPmVYqb9iHyzQUaAbxBedY";
    let app = with_connection(builder().build().unwrap(), Some(&der())).await;
    app.grants(&items()).await;
    for cnf in [
        json!({ "x5t#S256": URL_SAFE.encode(&digest) }),
        json!({ "x5t#S256": hex }),
        json!({ "x5t#S256": STANDARD.encode(&digest) }),
        json!({ "x5t#S256": sha1 }),
        json!({ "x5t#S256": format!(" {THUMBPRINT}") }),
        // The same digest with pad bits that are not zero.
        json!({ "x5t#S256": THUMBPRINT.replace("5v0", "5v1") }),
        json!({ "x5t#S256": &THUMBPRINT[..42] }),
        json!({ "x5t#S256": "" }),
        json!({ "x5t#S256": null }),
        json!({ "x5t#S256": [THUMBPRINT] }),
        json!({ "x5t": sha1 }),
        json!({ "x5t": THUMBPRINT }),
        json!({ "x5t#s256": THUMBPRINT }),
        json!({ "x5t#S512": THUMBPRINT }),
        json!({ "x5t#S256": THUMBPRINT, "kid": "1" }),
        json!({ "x5t#S256": THUMBPRINT, "jwk": {} }),
        json!({ "x5t#S256": THUMBPRINT, "jkt": THUMBPRINT }),
        json!({}),
        json!([]),
        json!(THUMBPRINT),
    ] {
        let answer = call(unbound().claim("cnf", cnf.clone())).send(app.address).await;
        assert_eq!(answer.status, 401, "{cnf}");
        refused(&answer, 401, "bound_token");
    }
    // A digest whose spelling in base64 differs.
    let app = with_connection(builder().build().unwrap(), Some(&other_der())).await;
    app.grants(&call(unbound().bound_to_certificate(other_der()))).await;
    let digest = URL_SAFE_NO_PAD.decode("v68ffgcPn6jdYpBfFY2nP4ShE2Yk-6_Mk5PI9yh6aes").unwrap();
    let base64 = STANDARD_NO_PAD.encode(digest);
    assert!(base64.contains(['+', '/']));
    let token = unbound().claim("cnf", json!({ "x5t#S256": base64 }));
    app.refuses(&call(token), 401, "bound_token").await;
    // In lower case it is the digest of something else.
    let token = unbound().claim("cnf", json!({ "x5t#S256": THUMBPRINT.to_lowercase() }));
    app.refuses(&call(token), 401, "wrong_proof_key").await;
    // Digests of other texts are well-formed, and are those of no certificate.
    for text in [PEM.as_bytes(), PEM.trim_end().as_bytes(), STANDARD.encode(der()).as_bytes()] {
        app.refuses(&call(unbound().bound_to_certificate(text)), 401, "wrong_proof_key").await;
    }
}

#[tokio::test]
async fn a_proxy_reports_the_certificate_in_each_format() {
    let other = || OTHER.to_owned();
    let cases: [(ClientCertificateFormat, &str, String); 3] = [
        (Rfc9440, "Client-Cert", rfc9440()),
        (Nginx, "X-SSL-Client-Cert", nginx()),
        (Envoy, "X-Forwarded-Client-Cert", envoy()),
    ];
    for (format, name, value) in cases {
        let app = with_peer(behind_proxy(format), PROXY).await;
        for path in PATHS {
            let call = || Call::get(path).bearer(&bound());
            app.grants(&call().header(name, &value)).await;
            for refused in [
                call(),
                call().header(name, ""),
                call().header(name, &value).header(name, &value),
                call().header(name, format!("{value},{value}")),
                call().header(name, format!("{value}{}", " ".repeat(20_000) + "x")),
                call().header(name, [b"\xFF", value.as_bytes()].concat()),
                call().header(name, URL_SAFE_NO_PAD.encode(der())),
                call().header(name, THUMBPRINT),
                call().header("Client-Cert-Chain", rfc9440()),
                call().header("X-Certificate", &value),
            ] {
                app.refuses(&refused, 401, "bound_token").await;
            }
        }
        for (_, other, value) in
            [("", "Client-Cert", rfc9440()), ("", "X-SSL-Client-Cert", nginx())]
        {
            if !name.eq_ignore_ascii_case(other) {
                app.refuses(&items().header(other, value), 401, "bound_token").await;
            }
        }
    }
    let app = with_peer(behind_proxy(Rfc9440), PROXY).await;
    app.refuses(&items().header("Client-Cert", other()), 401, "wrong_proof_key").await;
    // Without a bound token the header has no effect.
    let call = Call::get("/api/items").bearer(&unbound().sign());
    app.grants(&call.header("Client-Cert", "malformed")).await;
}

#[tokio::test]
async fn the_name_of_the_header_can_be_set() {
    let ingress = ClientCertificateHeader::new(Nginx).name("ssl-client-cert");
    let app = with_peer(behind_proxy(ingress), PROXY).await;
    app.grants(&items().header("SSL-Client-Cert", nginx())).await;
    app.refuses(&items().header("X-SSL-Client-Cert", nginx()), 401, "bound_token").await;
}

#[tokio::test]
async fn the_header_counts_from_no_other_peer() {
    let call = || items().header("Client-Cert", rfc9440());
    for peer in [CLIENT, "127.0.0.1", "::1", "11.1.2.3", "::10.1.2.3"] {
        let app = with_peer(behind_proxy(Rfc9440), peer).await;
        for path in PATHS {
            let call = Call::get(path).bearer(&bound()).header("Client-Cert", rfc9440());
            app.refuses(&call, 401, "bound_token").await;
        }
        // A header that does not count is not an error either.
        let unbound = Call::get("/api/items").bearer(&unbound().sign());
        app.grants(&unbound.header("Client-Cert", rfc9440())).await;
    }
    // A peer whose address is not known.
    let app = App::serve(behind_proxy(Rfc9440)).await;
    app.refuses(&call(), 401, "bound_token").await;
    // A server without the setting, whose proxy is trusted for other headers.
    let server = builder().trusted_proxy("10.0.0.0/8").build().unwrap();
    let app = with_peer(server, PROXY).await;
    app.refuses(&call(), 401, "bound_token").await;
}

/// The certificate belongs to the connection. A bound token needs it in each request, although the
/// token itself is in the cache.
#[tokio::test]
async fn the_certificate_is_judged_in_each_request_of_a_connection() {
    let builder = builder().trusted_proxy("127.0.0.1").client_certificate_header(Rfc9440);
    let state = axum_protected_tests::app::AppState::new(builder.build().unwrap());
    let router = axum_protected_tests::app::router(state);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let serving = tokio::spawn(async move { axum::serve(listener, service).await });
    let mut connection = Connection::open(address).await;
    for (certificate, status) in [
        (Some(rfc9440()), 200),
        (None, 401),
        (Some(rfc9440()), 200),
        (Some(OTHER.to_owned()), 401),
        (Some(rfc9440()), 200),
    ] {
        let call = items();
        let call = match &certificate {
            Some(certificate) => call.header("Client-Cert", certificate),
            None => call,
        };
        let answer = connection.call(&call).await.unwrap();
        assert_eq!(answer.status, status, "{certificate:?}");
    }
    serving.abort();
}

#[tokio::test]
async fn a_server_can_require_certificates_for_all_tokens() {
    let server = builder().certificate_bound_tokens_required().build().unwrap();
    let app = with_connection(server, Some(&der())).await;
    for _ in 0..2 {
        app.grants(&items()).await;
        app.refuses(&call(unbound()), 401, "unbound_token").await;
    }
    app.refuses(&call(unbound().bound_to_certificate(other_der())), 401, "wrong_proof_key").await;
    app.refuses(&call(unbound().claim("cnf", json!({}))), 401, "bound_token").await;
    app.refuses(&call(unbound().claim("x5t#S256", THUMBPRINT)), 401, "unbound_token").await;
    app.refuses(&call(unbound().claim("cnf", json!(null))), 401, "unbound_token").await;
    app.refuses(&Call::get("/api/items"), 401, "missing_token").await;
    let answer = Call::get("/api/optional").send(app.address).await;
    assert!(answer.is_success());
}

/// RFC 8705 section 3.2.
#[tokio::test]
async fn a_binding_in_an_answer_of_introspection_has_the_same_rules() {
    let issuer = AuthorizationServer::builder()
        .protected_resource(ProtectedResource::confidential("items-api", "a secret"))
        .start()
        .await
        .unwrap();
    let introspection = Introspection::new()
        .endpoint(format!("{}/introspect", issuer.issuer()))
        .client_id("items-api")
        .client_secret("a secret");
    let builder = || trusting(Issuer::new(issuer.issuer()).introspection(introspection.clone()));
    let server = builder().build().unwrap();
    let with_own = with_connection(server.clone(), Some(&der())).await;
    let with_other = with_connection(server.clone(), Some(&other_der())).await;
    let without = with_connection(server, None).await;
    let required = builder().certificate_bound_tokens_required().build().unwrap();
    let required = with_connection(required, Some(&der())).await;
    let token = || issuer.opaque_token().scope("items:read");
    let bound = call(token().bound_to_certificate(der()));
    let malformed = call(token().claim("cnf", json!({ "x5t#S256": format!("{THUMBPRINT}=") })));
    let unbound = call(token());
    // The second round meets the tokens in the cache.
    for _ in 0..2 {
        with_own.grants(&bound).await;
        with_other.refuses(&bound, 401, "wrong_proof_key").await;
        without.refuses(&bound, 401, "bound_token").await;
        with_own.refuses(&malformed, 401, "bound_token").await;
        without.grants(&unbound).await;
        required.grants(&bound).await;
        required.refuses(&unbound, 401, "unbound_token").await;
    }
}

/// RFC 9728 section 2: the member says that the server enforces the binding.
#[tokio::test]
async fn the_metadata_states_the_requirement() {
    for (required, expected) in [(false, None), (true, Some(json!(true)))] {
        let mut builder = builder().resource("https://api.example.com");
        if required {
            builder = builder.certificate_bound_tokens_required();
        }
        let server = builder.build().unwrap();
        let metadata = server.resource_metadata().routes();
        let metadata = metadata.into_router().unwrap().with_state(server.clone());
        let app = App::serve_over_tls(server, |router| router.merge(metadata)).await;
        let path = "/.well-known/oauth-protected-resource";
        let document = Call::get(path).send(app.address).await.value();
        let stated = document.get("tls_client_certificate_bound_access_tokens");
        assert_eq!(stated, expected.as_ref());
    }
}

/// Headers and texts do not show the connection.
#[tokio::test]
async fn a_text_proves_nothing() {
    let server = behind_proxy(Rfc9440);
    let error = server.authenticate(&bound()).await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::BoundToken);
    let mut headers = axum::http::HeaderMap::new();
    headers.insert("authorization", format!("Bearer {}", bound()).parse().unwrap());
    headers.insert("client-cert", rfc9440().parse().unwrap());
    let error = server.authenticate(&headers).await.unwrap_err();
    assert_eq!(error.kind(), RefusalKind::BoundToken);
}

#[derive(Policy)]
#[policy(scope = "items:read")]
struct CanRead;

#[tokio::test]
async fn the_layer_and_the_token_know_the_proof() {
    async fn proof(token: AccessToken) -> String {
        assert_eq!(token.has_proof(Proof::Mtls), token.proof().is_some());
        assert!(!token.has_proof(Proof::Dpop));
        format!("{:?}", token.proof())
    }
    let server = builder().build().unwrap();
    let layer = ProtectedLayer::<CanRead, _>::new(server.clone());
    let app = App::serve_over_tls(server.clone(), |router| {
        let routes = Router::new().route("/proof", get(proof)).with_state(server);
        let layered = Router::new().route("/layer", get(async || "ok")).layer(layer);
        router.merge(routes).merge(layered).layer(Extension(ClientCertificate::from_der(&der())))
    })
    .await;
    let text = async |token: &str| Call::get("/proof").bearer(token).send(app.address).await.text();
    assert_eq!(text(&bound()).await, "Some(Mtls)");
    assert_eq!(text(&unbound().sign()).await, "None");
    let other = unbound().bound_to_certificate(other_der()).sign();
    for (token, status) in [(bound(), 200), (unbound().sign(), 200), (other, 401)] {
        let answer = Call::get("/layer").bearer(&token).send(app.address).await;
        assert_eq!(answer.status, status);
    }
}

#[tokio::test]
async fn the_log_tells_the_operator_the_cause_and_neither_certificate_nor_thumbprint() {
    let (log, _guard) = Log::open();
    let header = |value: String| items().header("Client-Cert", value);
    let cases = [
        (PROXY, items(), "the request has none"),
        (PROXY, header(OTHER.to_owned()), "another client certificate"),
        (PROXY, header(nginx()), "exactly one certificate in the configured format"),
        (PROXY, header(rfc9440()).header("Client-Cert", ""), "let the proxy replace the header"),
        (PROXY, header(rfc9440() + &" ".repeat(20_000) + "x"), "longer than 16384 bytes"),
        (CLIENT, header(rfc9440()), "not a proxy in `trusted_proxies`"),
    ];
    for (peer, call, cause) in cases {
        let app = with_peer(behind_proxy(Rfc9440), peer).await;
        let answer = call.send(app.address).await;
        assert_eq!(answer.status, 401);
        let events = format!("{:?}", log.take());
        assert!(events.contains(cause), "{cause}: {events}");
        for secret in [THUMBPRINT, &rfc9440()[1..20], &OTHER[1..20], &bound()[..20]] {
            assert!(!events.contains(secret) && !answer.contains(secret), "{secret}");
        }
    }
    let app = App::serve(behind_proxy(Rfc9440)).await;
    assert_eq!(header(rfc9440()).send(app.address).await.status, 401);
    let events = format!("{:?}", log.take());
    assert!(events.contains("into_make_service_with_connect_info"), "{events}");
    let certificate = ClientCertificate::from_der(&der());
    assert_eq!(format!("{certificate:?}"), "ClientCertificate { .. }");
}

/// A connection of the proxy itself: its own certificate is not that of its clients.
#[tokio::test]
async fn the_certificate_of_a_proxy_is_not_that_of_its_clients() {
    let peer = ConnectInfo(SocketAddr::new(PROXY.parse().unwrap(), 50_000));
    let app = App::serve_over_tls(behind_proxy(Rfc9440), |router| {
        router.layer(Extension(peer)).layer(Extension(ClientCertificate::from_der(&der())))
    })
    .await;
    app.refuses(&items(), 401, "bound_token").await;
    app.refuses(&items().header("Client-Cert", OTHER), 401, "bound_token").await;
    app.grants(&items().header("Client-Cert", rfc9440())).await;
}
