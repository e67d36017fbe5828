//! Tests the settings of tokens in a cookie: in code, in a file and in the environment.

use axum_protected::{ConfigError, ResourceServer, ResourceServerBuilder};
use axum_protected_tests::{AUDIENCE, keys, trusting};
use serde_json::json;

use super::api::Api;
use super::request::{code, request};
use super::{COOKIE, ISSUER, cookie, fixed, good};

fn problems(result: Result<ResourceServer, ConfigError>) -> Vec<String> {
    result.err().map_or_else(Vec::new, |error| error.problems().map(str::to_owned).collect())
}

#[test]
fn no_cookie_is_configured_by_default() {
    let server = fixed().build().unwrap();
    assert_eq!(server.configuration().token_cookie, None);
    assert!(server.configuration().token_cookie_origins.is_empty());
    let builder = fixed().token_cookie(COOKIE).token_cookie_origin("https://app.example.com");
    let server = builder.build().unwrap();
    assert_eq!(server.configuration().token_cookie.as_deref(), Some(COOKIE));
    assert_eq!(server.configuration().token_cookie_origins, ["https://app.example.com"]);
}

#[test]
fn a_cookie_needs_https() {
    let issuer = axum_protected::Issuer::new(ISSUER).jwks(keys().jwks());
    let problems = problems(trusting(issuer).token_cookie(COOKIE).build());
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert!(problem.contains("`token_cookie` needs `require_https`"), "{problem}");
}

#[test]
fn the_name_of_a_cookie_has_its_prefix() {
    let huge = format!("{COOKIE}{}", "a".repeat(1000));
    for (name, expected) in [
        ("token", "write `__Host-token`"),
        ("__host-token", "does not begin with `__Host-`"),
        ("__Secure-token", "does not begin with `__Host-`"),
        ("__Host-", "no name after its prefix"),
        ("", "is not one word"),
        (" ", "is not one word"),
        ("__Host-token ", "is not one word"),
        ("__Host-token=s3cr3t", "is not one word"),
        ("__Host-token; s3cr3t", "is not one word"),
        ("__Host-t\u{f6}ken", "is not one word"),
        ("__Host-token\n", "is not one word"),
        (huge.as_str(), "is not one word"),
    ] {
        let problems = problems(fixed().token_cookie(name).build());
        let [problem] = problems.as_slice() else { panic!("{name:?}: {problems:?}") };
        assert!(problem.contains(expected) && problem.contains("`token_cookie`"), "{problem}");
        assert!(!problem.contains("s3cr3t") && problem.len() < 300, "{problem}");
    }
    for name in [COOKIE, "__Host-a", "__Host-__Host-a", "__Host-a.b-c_d"] {
        assert_eq!(problems(fixed().token_cookie(name).build()), [""; 0], "{name}");
    }
}

#[test]
fn an_origin_is_written_as_browsers_write_it() {
    for (origin, expected) in [
        ("https://app.example.com/", "write `https://app.example.com`"),
        ("https://APP.example.com", "write `https://app.example.com`"),
        ("https://app.example.com:443", "write `https://app.example.com`"),
        ("https://app.example.com/path", "write `https://app.example.com`"),
        ("http://app.example.com", "http is for loopback only"),
        ("https://app.example.com#x", "has a fragment"),
        ("https://user@app.example.com", "has a user name"),
        ("https://*.example.com", "is not an https URL"),
        ("app.example.com", "is not an https URL"),
        ("null", "is not an https URL"),
        ("*", "is not an https URL"),
        ("", "is not an https URL"),
        ("https://", "is not an https URL"),
    ] {
        let builder = fixed().token_cookie(COOKIE).token_cookie_origin(origin);
        let problems = problems(builder.build());
        let [problem] = problems.as_slice() else { panic!("{origin:?}: {problems:?}") };
        assert!(problem.contains(expected), "{problem}");
        assert!(problem.contains("`token_cookie_origins`"), "{problem}");
    }
    for origin in ["https://app.example.com:8443", "http://localhost:5173", "http://[::1]:1"] {
        let builder = fixed().token_cookie(COOKIE).token_cookie_origin(origin);
        assert_eq!(problems(builder.build()), [""; 0], "{origin}");
    }
}

#[test]
fn all_problems_are_reported_together() {
    let issuer = axum_protected::Issuer::new(ISSUER).jwks(keys().jwks());
    let builder = trusting(issuer).token_cookie("token").token_cookie_origin("null");
    assert_eq!(problems(builder.token_cookie_origin("*").build()).len(), 4);
}

fn file(more: &serde_json::Value) -> Result<ResourceServer, ConfigError> {
    let mut file = json!({
        "issuers": [{ "issuer": ISSUER, "jwks": keys().jwks() }],
        "audiences": [AUDIENCE],
    });
    file.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    let builder: ResourceServerBuilder = serde_json::from_value(file).unwrap();
    builder.build()
}

#[tokio::test]
async fn a_file_has_the_same_settings() {
    let server = file(&json!({
        "require_https": true,
        "token_cookie": COOKIE,
        "token_cookie_origins": ["https://app.example.com"],
    }));
    let api = Api::new(server.unwrap());
    let token = cookie(&good());
    for (origin, expected) in
        [("https://app.example.com", None), ("https://x.example.com", Some("cross_site_request"))]
    {
        let lines = [("cookie", token.as_str()), ("origin", origin)];
        let code = code(&api.router, request("POST", "/items", &lines)).await;
        assert_eq!(code.as_deref(), expected);
    }
    assert_eq!(problems(file(&json!({ "token_cookie": COOKIE }))).len(), 1);
}

#[test]
fn the_environment_has_the_same_settings() {
    let read = |more: &[(&'static str, &'static str)]| {
        let required = [("OAUTH_ISSUER", ISSUER), ("OAUTH_AUDIENCE", AUDIENCE)];
        ResourceServer::from_variables([&required, more].concat())
    };
    let server = read(&[
        ("OAUTH_REQUIRE_HTTPS", "true"),
        ("OAUTH_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8"),
        ("OAUTH_TOKEN_COOKIE", COOKIE),
        ("OAUTH_TOKEN_COOKIE_ORIGINS", "https://app.example.com, http://localhost:5173"),
    ]);
    let server = server.unwrap();
    let configuration = server.configuration();
    assert!(configuration.require_https);
    assert_eq!(configuration.token_cookie.as_deref(), Some(COOKIE));
    let origins = ["https://app.example.com", "http://localhost:5173"];
    assert_eq!(configuration.token_cookie_origins, origins);

    for (variables, expected) in [
        (&[("OAUTH_TOKEN_COOKIE", COOKIE)][..], "`OAUTH_TOKEN_COOKIE` needs `OAUTH_REQUIRE_HTTPS`"),
        (
            &[("OAUTH_TOKEN_COOKIE", "token"), ("OAUTH_REQUIRE_HTTPS", "true")],
            "the `OAUTH_TOKEN_COOKIE` `token` does not begin",
        ),
        (
            &[
                ("OAUTH_TOKEN_COOKIE", COOKIE),
                ("OAUTH_REQUIRE_HTTPS", "true"),
                ("OAUTH_TOKEN_COOKIE_ORIGINS", "null"),
            ],
            "OAUTH_TOKEN_COOKIE_ORIGINS",
        ),
        (&[("OAUTH_REQUIRE_HTTPS", "yes")], "not `true` or `false`"),
        (&[("OAUTH_TRUSTED_PROXIES", "everybody")], "OAUTH_TRUSTED_PROXIES"),
    ] {
        let problems = problems(read(variables));
        let [problem] = problems.as_slice() else { panic!("{problems:?}") };
        assert!(problem.contains(expected), "{problem}");
    }
}
