//! Tests the command `check-config`.

use std::net::TcpListener;
use std::process::Output;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum_protected_testing::{AuthorizationServer, ProtectedResource};
use serde_json::{Value, json};

use super::configuration::{file, trusting};
use super::redis::RedisServer;
use super::{PROGRAM, program};

/// Runs a command with variables. Returns its exit status, its output and its error message.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String, String) {
    let mut program = program::command(PROGRAM, variables);
    let Output { status, stdout, stderr } =
        program.env("RUST_LOG", "off").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

fn check(file: &str) -> (i32, String, String) {
    run(&["check-config"], &[("ITEMS_API_CONFIG", file)])
}

/// Checks a file with this issuer, and asserts that it fails. Returns the output.
fn failure(name: &str, issuer: &Value) -> String {
    let (status, output, error) = check(&trusting(name, &json!([issuer])));
    assert_eq!(
        (status, &*error),
        (1, "error: the keys or the metadata of 1 issuer could not be fetched\n")
    );
    output
}

#[tokio::test(flavor = "multi_thread")]
async fn the_endpoint_for_questions_is_looked_up() {
    let resource = ProtectedResource::confidential("items-api", "secret");
    let issuer = AuthorizationServer::builder().protected_resource(resource).start().await.unwrap();
    let introspection = json!({ "client_id": "items-api", "client_secret": "secret" });
    let trusted = json!({ "issuer": issuer.issuer(), "introspection": introspection });
    let (status, output, error) = check(&trusting("found.json", &json!([trusted])));
    assert_eq!((status, &*error), (0, ""));
    assert!(output.contains("needs no keys: the issuer is asked about its tokens"), "{output}");

    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let identifier = format!("http://127.0.0.1:{port}");
    let absent = json!({ "issuer": identifier, "introspection": introspection });
    let output = failure("absent.json", &absent);
    assert!(output.contains(": cannot be asked about tokens: no metadata from"), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_understood_configuration_is_printed() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let text = format!(
        r#"
        audiences = ["{}"]
        leeway_seconds = 45
        verified_token_bytes = 1000
        revocation_bytes = 2000
        websocket_protocol_token = true

        [[issuers]]
        issuer = "{1}"
        name = "staff"
        provider = "keycloak"
        algorithms = ["ES256", "RS256"]
        roles_claim = ["app", "roles"]

        [[issuers]]
        issuer = "partner.example"
        jwks_uri = "{1}/jwks?key=s3cr3t"
        metadata_url = "{1}/metadata?key=s3cr3t"
        audiences = ["b"]
        rfc9068 = true
        required = false
        headers = {{ authorization = "s3cr3t" }}
        "#,
        issuer.audience(),
        issuer.issuer(),
    );
    let (status, output, error) = check(&file("good.toml", &text));
    let expected = [
        "leeway_seconds = 45\n".to_owned(),
        "verified_token_bytes = 1000\n".to_owned(),
        "revocation_bytes = 2000\n".to_owned(),
        "websocket_protocol_token = true\n".to_owned(),
        format!("issuer = \"{}\"\n", issuer.issuer()),
        "name = \"staff\"\n".to_owned(),
        format!("keys = \"discovery {}\"\n", issuer.issuer()),
        format!("audiences = [\"{}\"]\n", issuer.audience()),
        "algorithms = [\"ES256\", \"RS256\"]\n".to_owned(),
        "provider = \"keycloak\"\n".to_owned(),
        "roles_claim = [[\"app\", \"roles\"]]\n".to_owned(),
        format!("keys = \"jwks_uri {}/jwks?(not shown)\"\n", issuer.issuer()),
        format!("metadata_url = \"{}/metadata?(not shown)\"\n", issuer.issuer()),
        "rfc9068 = true\n".to_owned(),
        "required = false\n".to_owned(),
        "headers = [\"authorization\"]\n".to_owned(),
        format!("# {}: 2 keys\n", issuer.issuer()),
    ];
    for line in expected {
        assert!(output.contains(&line), "{line:?} is not in {output}");
    }
    assert!(!output.contains("s3cr3t") && !error.contains("s3cr3t"), "{output}{error}");
    assert_eq!((status, &*error), (0, ""), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_redis_of_the_revocations_is_printed_and_asked() {
    let issuer = AuthorizationServer::start().await.unwrap();
    let mut redis = RedisServer::start(&["--requirepass", "s3cr3t"]);
    let configuration = |password: &str| {
        let url = redis.url().replace("//", &format!("//:{password}@"));
        let configuration = json!({
            "issuers": [{ "issuer": issuer.issuer() }],
            "audiences": [issuer.audience()],
            "revocation": { "redis": url, "outage": "refuse", "horizon_seconds": 3600 },
        });
        file(&format!("feed_{password}.json"), &configuration.to_string())
    };
    let (status, output, error) = check(&configuration("s3cr3t"));
    let expected = [
        "[revocation_feed]\noutage = \"refuse\"\nrequired = false\nhorizon_seconds = 3600\n",
        &format!("[revocation.redis]\nurls = [\"{}\"]\n", redis.url()),
        "stream = \"axum-protected:revocations\"\n",
        &format!("# {}: 0 revocations\n", redis.url()),
    ];
    for part in expected {
        assert!(output.contains(part), "{part:?} is not in {output}");
    }
    assert!(!output.contains("s3cr3t"), "{output}");
    assert_eq!((status, &*error), (0, ""));

    let failure = |path: &str, reason: &str| {
        let (status, output, error) = check(path);
        assert_eq!((status, &*error), (1, "error: the revocations could not be read\n"));
        let line = output.lines().last().unwrap();
        assert!(line.starts_with(&format!("# {}: ", redis.url())), "{line}");
        assert!(line.contains(reason) && !line.contains("s3cr3t"), "{line}");
    };
    failure(&configuration("s3cr3t2"), "WRONGPASS");
    let path = configuration("s3cr3t");
    redis.stop();
    let (status, output, _) = check(&path);
    assert_eq!(status, 1);
    assert!(output.contains("refused"), "{output}");
}

#[test]
fn a_refused_port_is_named_as_the_cause() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let output = failure("refused.json", &json!({ "issuer": format!("http://{closed}") }));
    let line = format!("# http://{closed}: no keys: ");
    let cause = output.lines().find_map(|text| text.strip_prefix(&line)).unwrap();
    assert!(!cause.is_empty());
}

#[test]
fn an_unknown_host_is_named_as_the_cause() {
    let output = failure("host.json", &json!({ "issuer": "https://id.invalid" }));
    let line = "# https://id.invalid: no keys: ";
    let cause = output.lines().find_map(|text| text.strip_prefix(line)).unwrap();
    assert!(!cause.is_empty());
}

#[test]
fn a_seed_does_not_hide_a_failed_fetch() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let key = json!({
        "kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    });
    let seed = json!({ "keys": [key] });
    let issuer = json!({ "issuer": format!("http://{closed}"), "seed_jwks": seed });
    let output = failure("seed.json", &issuer);
    assert!(output.contains(": 1 key, but the last fetch failed: "), "{output}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keys_are_fetched_once() {
    let requests = Arc::new(AtomicUsize::new(0));
    let counted = requests.clone();
    let broken = Router::new().fallback(async move || {
        counted.fetch_add(1, Ordering::Relaxed);
        StatusCode::SERVICE_UNAVAILABLE
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, broken).await });

    let issuer = format!("http://{address}");
    let output =
        failure("once.json", &json!({ "issuer": issuer, "jwks_uri": format!("{issuer}/jwks") }));
    assert!(output.contains("the response has status 503"), "{output}");
    assert_eq!(requests.load(Ordering::Relaxed), 1);
}

#[test]
fn errors_of_the_configuration_fail_the_check() {
    assert_eq!(
        run(&["check-config"], &[]),
        (
            1,
            String::new(),
            "error: no configuration: set `ITEMS_API_CONFIG` or `OAUTH_ISSUER`\n".to_owned()
        )
    );
    let (status, output, error) = check(&trusting("no_issuer.json", &json!([])));
    assert_eq!((status, &*output), (1, ""));
    assert!(error.contains("no issuer"), "{error}");
    let path = trusting("both.json", &json!([]));
    let both = [("ITEMS_API_CONFIG", &*path), ("OAUTH_ISSUER", "https://a.example")];
    let (status, _, error) = run(&["check-config"], &both);
    assert_eq!(status, 1);
    assert_eq!(error, "error: both `ITEMS_API_CONFIG` and `OAUTH_ISSUER` are set: keep one\n");
}

#[test]
fn arguments_are_answered() {
    let (status, output, error) = run(&["--help"], &[]);
    assert_eq!((status, &*error), (0, ""));
    assert!(output.starts_with("usage: items-api ") && output.contains("check-config"), "{output}");
    let (status, output, error) = run(&["chekc-config"], &[]);
    assert_eq!((status, &*output), (2, ""));
    assert!(error.starts_with("error: unknown argument `chekc-config`\n\nusage: "), "{error}");
}
