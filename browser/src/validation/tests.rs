//! The problems of a configuration.

use std::time::Duration;

use axum_protected::introspection::{Introspection, Mode};
use axum_protected::{Issuer, ResourceServer, ResourceServerBuilder};

use crate::backend::BrowserBackend;
use crate::settings::{BrowserBackendBuilder, SealingKey};

fn server() -> ResourceServerBuilder {
    ResourceServer::builder().issuer("https://id.example.com").audience("api").require_https()
}

/// Returns the problems of a backend that differs by `change` from a correct one.
fn problems(change: impl FnOnce(BrowserBackendBuilder) -> BrowserBackendBuilder) -> Vec<String> {
    problems_at(server(), change)
}

fn problems_at(
    server: ResourceServerBuilder,
    change: impl FnOnce(BrowserBackendBuilder) -> BrowserBackendBuilder,
) -> Vec<String> {
    let server = server.build().unwrap();
    let builder = BrowserBackend::builder(&server);
    let builder = builder.client_id("notes").public_url("https://notes.example.com");
    match change(builder).build() {
        Ok(_) => Vec::new(),
        Err(error) => error.problems().map(str::to_owned).collect(),
    }
}

#[test]
fn a_correct_configuration_has_no_problems() {
    let none = Vec::<String>::new();
    assert_eq!(problems(|builder| builder), none);
    assert_eq!(problems(|builder| builder.public_url("https://notes.example.com:8443/")), none);
    for loopback in
        ["http://localhost:3000", "http://app.localhost", "http://127.0.0.1", "http://[::1]:1"]
    {
        assert_eq!(problems(|builder| builder.public_url(loopback)), none, "{loopback}");
    }
    for prefix in ["", "/auth", "/a/b-c._~"] {
        assert_eq!(problems(|builder| builder.route_prefix(prefix)), none, "{prefix}");
    }
    let resources = |builder: BrowserBackendBuilder| {
        let builder = builder.extra_authorization_parameter("resource", "https://a.example");
        builder.extra_authorization_parameter("resource", "https://b.example")
    };
    assert_eq!(problems(resources), none);
    assert_eq!(
        problems(|builder| builder.scopes(["openid", "a:b", "a:b"]).client_secret(" ")),
        none
    );
}

#[test]
fn each_problem_names_the_setting() {
    type Change = fn(BrowserBackendBuilder) -> BrowserBackendBuilder;
    let cases: [(Change, &str); 32] = [
        (|it| it.client_id(""), "`client_id` is empty or contains"),
        (|it| it.client_id("n\u{f6}tes"), "`client_id` is empty or contains"),
        (|it| it.client_secret(""), "`client_secret` is empty or contains"),
        (|it| it.client_secret("a\nb"), "`client_secret` is empty or contains"),
        (|it| it.client_secret_file("/none"), "`client_secret_file` cannot be read from `/none`: "),
        (|it| it.issuer("other"), "the server has no issuer `other`"),
        (|it| it.public_url("notes.example.com"), "`public_url` is not a URL: "),
        (|it| it.public_url("http://notes.example.com"), "`public_url` is http: "),
        (|it| it.public_url("http://127.0.0.1.example.com"), "`public_url` is http: "),
        (|it| it.public_url("ftp://notes.example.com"), "`public_url` is neither https nor http"),
        (
            |it| it.public_url("https://user:password@notes.example.com"),
            "`public_url` contains a user name or a password: remove it",
        ),
        (
            |it| it.public_url("https://notes.example.com/app"),
            "`public_url` is not an origin: write `https://notes.example.com`",
        ),
        (|it| it.public_url("https://notes.example.com?a"), "`public_url` is not an origin: "),
        (|it| it.route_prefix("auth"), "`route_prefix` `auth` is not a path such as `/auth`"),
        (|it| it.route_prefix("/"), "`route_prefix` `/` is not a path"),
        (|it| it.route_prefix("/auth/"), "`route_prefix` `/auth/` is not a path"),
        (|it| it.route_prefix("/{id}"), "`route_prefix` `/{id}` is not a path"),
        (|it| it.route_prefix("/../a"), "`route_prefix` `/../a` is not a path"),
        (|it| it.after_logout("//evil.example"), "`after_logout` is not a path of the application"),
        (|it| it.after_logout(""), "`after_logout` is not a path of the application"),
        (
            |it| it.scopes(["a b"]),
            "the scope `a b` is empty or contains a space, a quotation mark, a backslash or a \
             character outside visible ASCII: write each scope as a text of its own",
        ),
        (|it| it.scopes([""]), "the scope `` is empty or contains a space"),
        (
            |it| it.extra_authorization_parameter("state", "x"),
            "the `extra_authorization_parameter` `state` belongs to the protocol",
        ),
        (
            |it| it.extra_authorization_parameter("response_mode", "form_post"),
            "the `extra_authorization_parameter` `response_mode` belongs to the protocol",
        ),
        (
            |it| {
                it.extra_authorization_parameter("audience", "a")
                    .extra_authorization_parameter("audience", "b")
            },
            "the `extra_authorization_parameter` `audience` is set several times",
        ),
        (
            |it| it.extra_authorization_parameter("", "b"),
            "an `extra_authorization_parameter` has no",
        ),
        (|it| it.cookie_name("a b"), "`cookie_name` is not a word of 1 to 64"),
        (
            |it| it.cookie_name("__Host-session"),
            "`cookie_name` `__Host-session` begins with a prefix",
        ),
        (|it| it.session_limit(Duration::ZERO), "`session_limit` is not between 1 s and 400 days"),
        (|it| it.memory_sessions(0), "`memory_sessions` is 0: no user could sign in"),
        (|it| it.login_keys([]), "`login_keys` has no key"),
        (|it| it.sealed([SealingKey::base64url("x")]), "key 1 of `sealed` is not base64url"),
    ];
    for (change, expected) in cases {
        let problems = problems(change);
        assert_eq!(problems.len(), 1, "{problems:#?}");
        assert!(problems[0].starts_with(expected), "{} / {expected}", problems[0]);
        assert!(!problems[0].contains("password@"), "{}", problems[0]);
    }
}

#[test]
fn all_problems_are_reported_together() {
    let server = ResourceServer::builder().issuer("https://id.example.com").audience("api");
    let server = server.build().unwrap();
    let error = BrowserBackend::builder(&server).build().unwrap_err();
    let problems: Vec<&str> = error.problems().collect();
    assert_eq!(
        problems,
        [
            "the server accepts credentials without TLS: set `require_https` at the server",
            "the application has no `client_id`: set the identifier that it has at the provider",
            "the address of the application is not known: set `public_url`, such as \
             `https://notes.example.com`",
        ]
    );
    let text = error.to_string();
    assert!(text.starts_with("the backend for browsers cannot be built: the server "), "{text}");
}

#[test]
fn the_origin_of_the_server_is_the_default() {
    let server = server().public_url("https://api.example.com/v1").build().unwrap();
    let backend = BrowserBackend::builder(&server).client_id("notes").build().unwrap();
    let redirect_uri = &backend.inner().addresses.redirect_uri;
    assert_eq!(redirect_uri.as_str(), "https://api.example.com/callback");
}

#[test]
fn a_server_has_one_backend_and_a_failed_one_does_not_count() {
    let server = server().build().unwrap();
    let builder = || BrowserBackend::builder(&server).public_url("https://notes.example.com");
    assert!(builder().build().is_err());
    assert!(builder().client_id("notes").build().is_ok());
    let error = builder().client_id("notes").cookie_name("other").build().unwrap_err();
    let expected = "the server has a backend for browsers already: build one backend, and clone it";
    assert_eq!(error.problems().collect::<Vec<_>>(), [expected]);
}

#[test]
fn an_issuer_that_has_no_endpoints_is_a_problem() {
    let secret = Issuer::new("https://own.example.com").shared_secret([7; 32]);
    let server = ResourceServer::builder().issuer(secret).audience("api").require_https();
    let problems = problems_at(server, |builder| builder);
    assert!(problems[0].starts_with("the issuer `https://own.example.com` has a shared secret"));
}

#[test]
fn an_issuer_whose_keys_are_not_fetched_is_a_problem() {
    let introspection = || Introspection::new().client_id("notes-api").client_secret("s");
    let server = |introspection| {
        let issuer = Issuer::new("https://id.example.com").introspection(introspection);
        ResourceServer::builder().issuer(issuer).audience("api").require_https()
    };
    let problems = problems_at(server(introspection()), |builder| builder);
    let expected = "`introspection.mode` of the issuer `https://id.example.com` is `only`";
    assert!(problems[0].starts_with(expected), "{problems:?}");
    let signed = server(introspection().jwt_answers());
    for server in [signed, server(introspection().mode(Mode::Opaque))] {
        let server = server.build().unwrap();
        let builder = BrowserBackend::builder(&server).client_id("notes");
        assert!(builder.public_url("https://notes.example.com").build().is_ok());
    }
}

#[test]
fn the_debug_output_contains_no_secret() {
    let server = server().build().unwrap();
    let builder = BrowserBackend::builder(&server)
        .client_id("notes")
        .public_url("https://notes.example.com")
        .client_secret("the-secret")
        .sealed([SealingKey::base64url("the-key")]);
    let text = format!("{builder:?} {:?}", builder.client_secret);
    assert!(!text.contains("the-secret") && !text.contains("the-key"), "{text}");
}

#[test]
fn a_token_and_a_session_are_in_different_cookies() {
    let server = server().token_cookie("__Host-session").build().unwrap();
    let builder = || {
        let builder = BrowserBackend::builder(&server).client_id("notes");
        builder.public_url("https://notes.example.com")
    };
    let error = builder().build().unwrap_err();
    let expected = "`__Host-session` is the cookie of sessions and the `token_cookie` of the \
                    server: set another `cookie_name`";
    assert_eq!(error.problems().collect::<Vec<_>>(), [expected]);
    assert!(builder().cookie_name("browser").build().is_ok());
}
