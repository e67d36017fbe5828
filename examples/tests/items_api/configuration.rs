//! Tests the configuration by a file.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::start_error;

/// Writes a configuration file and returns its path.
pub(super) fn file(name: &str, text: &str) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// Writes a JSON file with these issuers and the audience of the tests.
pub(super) fn trusting(name: &str, issuers: &Value) -> String {
    let audiences = ["https://api.example.com"];
    let configuration = serde_json::json!({ "issuers": issuers, "audiences": audiences });
    file(name, &configuration.to_string())
}

#[test]
fn a_wrong_file_is_named_without_its_content() {
    let missing = format!("{}/missing.toml", env!("CARGO_TARGET_TMPDIR"));
    let cases = [
        (missing, "cannot read the configuration file `{file}`: No such file or directory"),
        (
            file("server.yaml", "issuers: []"),
            "the name of the configuration file `{file}` ends neither in `.toml` nor in `.json`",
        ),
        (
            file("no_extension", "{}"),
            "the name of the configuration file `{file}` ends neither in `.toml` nor in `.json`",
        ),
        (
            file("syntax.json", "{\n\"realm\": \"s3cr3t\" 1 }"),
            "the configuration file `{file}`: expected `,` or `}` at line 2 column 19",
        ),
        (
            file("syntax.toml", "realm = \"api\"\nshared_secret = s3cr3t"),
            "the configuration file `{file}`: ",
        ),
        (
            file("unknown_field.toml", "realm = \"api\"\naudience = \"s3cr3t\""),
            "the configuration file `{file}`: unknown field `audience`, expected one of ",
        ),
        (
            file("type.toml", "[[issuers]]\nissuer = \"a\"\nheaders = \"Bearer s3cr3t\""),
            "the configuration file `{file}`: `issuers[0].headers`: invalid type: string, expected a \
             map of headers, each with its value at line 3 column 11",
        ),
        (
            file("feed_field.json", r#"{ "revocation": { "redis": "redis://a", "require": 1 } }"#),
            "the configuration file `{file}`: `revocation`: unknown field `require`, expected one of \
             `redis`, `outage`, `required`, `horizon_seconds` at line 1 column 49",
        ),
        (
            file(
                "redis_field.toml",
                "[revocation.redis]\nurl = \"redis://a\"\npasswort = \"s3cr3t\"",
            ),
            "the configuration file `{file}`: `revocation.redis`: unknown field `passwort`, expected ",
        ),
        (
            file("redis_type.toml", "realm = \"api\"\n[revocation]\nredis = 7"),
            "the configuration file `{file}`: `revocation.redis`: invalid type: integer, expected the \
             URL of a Redis server, or a table of settings at line 3 column 9",
        ),
        (
            file("no_redis.toml", "revocation = {}"),
            "the configuration file `{file}`: `revocation`: missing field `redis` at line 1 column 14",
        ),
        (
            file("outage.json", r#"{ "revocation": { "redis": "redis://a", "outage": "stop" } }"#),
            "the configuration file `{file}`: `revocation.outage`: unknown variant `stop`, expected ",
        ),
        (
            file("twice.json", r#"{ "revocation": { "redis": "redis://a" }, "revocation": {} }"#),
            "the configuration file `{file}`: duplicate field `revocation` at line 1 column ",
        ),
        (
            file("redis_url.json", r#"{ "revocation": { "redis": "redis://:s3cr3t@a?b" } }"#),
            "the configuration file `{file}`: the settings of Redis cannot be used: `url` has a query \
             or a fragment: remove it",
        ),
        (
            file(
                "horizon.json",
                r#"{ "revocation": { "redis": "redis://a", "horizon_seconds": 7 } }"#,
            ),
            "the configuration file `{file}`: the resource server cannot be built: ",
        ),
        (
            file("nothing.JSON", "{}"),
            "the configuration file `{file}`: the resource server cannot be built: no issuer",
        ),
    ];
    for (path, expected) in cases {
        let message = start_error(&[("ITEMS_API_CONFIG", &path)]);
        let expected = format!("error: {}", expected.replace("{file}", &path));
        assert!(message.starts_with(&expected), "{message}");
        assert!(!message.contains("s3cr3t"), "{message}");
    }
    assert_eq!(start_error(&[("ITEMS_API_CONFIG", "")]), "error: `ITEMS_API_CONFIG` is empty\n");
}

#[test]
fn a_file_beside_variables_is_an_error() {
    let path = trusting("beside.json", &serde_json::json!([{ "issuer": "https://a.example" }]));
    for variable in ["OAUTH_ISSUER", "OAUTH_CA_FILE", "OAUTH_REVOCATION_REDIS"] {
        assert_eq!(
            start_error(&[("ITEMS_API_CONFIG", &path), (variable, "https://a.example")]),
            format!("error: both `ITEMS_API_CONFIG` and `{variable}` are set: keep one\n")
        );
    }
}

#[test]
fn a_misspelt_variable_is_named() {
    let variables =
        [("OAUTH_ISSUER", "https://a.example"), ("OAUTH_AUDIANCE", "https://api.example.com")];
    assert_eq!(
        start_error(&variables),
        "error: the resource server cannot be built: the environment variable `OAUTH_AUDIENCE` is \
         not set, but `OAUTH_AUDIANCE` is: correct the name\n"
    );
}

/// A program whose only variables are misspelt must not accept the tokens of a development issuer.
#[test]
fn misspelt_variables_alone_start_no_development_issuer() {
    let variables =
        [("OAUTH_ISUER", "https://a.example"), ("OAUTH_AUDIANCE", "https://api.example.com")];
    let error = start_error(&variables);
    assert!(error.contains("`OAUTH_ISSUER` is not set, but `OAUTH_ISUER` is"), "{error}");
}

#[test]
fn wrong_variables_of_the_revocations_are_named_without_the_url() {
    let trust =
        [("OAUTH_ISSUER", "https://a.example"), ("OAUTH_AUDIENCE", "https://api.example.com")];
    let redis = ("OAUTH_REVOCATION_REDIS", "redis://:s3cr3t@127.0.0.1:1");
    let cases = [
        (&[("OAUTH_REVOCATION_REDIS", "")][..], "`OAUTH_REVOCATION_REDIS` is empty"),
        (
            &[("OAUTH_REVOCATION_REDIS", "s3cr3t@redis.example")],
            "`OAUTH_REVOCATION_REDIS`: the settings of Redis cannot be used: `url` is not a URL: ",
        ),
        (
            &[("OAUTH_REVOCATION_REDIS", "https://s3cr3t@redis.example")],
            "`OAUTH_REVOCATION_REDIS`: the settings of Redis cannot be used: `url` has another scheme",
        ),
        (
            &[redis, ("OAUTH_REVOCATION_OUTAGE", "s3cr3t")],
            "`OAUTH_REVOCATION_OUTAGE` is neither `go_on` nor `refuse`",
        ),
        (
            &[("OAUTH_REVOCATION_REQUIRED", "true")],
            "`OAUTH_REVOCATION_REQUIRED` has no effect without `OAUTH_REVOCATION_REDIS`: set both",
        ),
        (
            &[("OAUTH_REVOCATION_REDSI", "redis://:s3cr3t@127.0.0.1:1")],
            "the resource server cannot be built: the environment variable \
             `OAUTH_REVOCATION_REDIS` is not set, but `OAUTH_REVOCATION_REDSI` is: correct the name",
        ),
        (
            &[redis, ("OAUTH_REVOCATION_REQUIRD", "true")],
            "the resource server cannot be built: the environment variable \
             `OAUTH_REVOCATION_REQUIRED` is not set, but `OAUTH_REVOCATION_REQUIRD` is: correct",
        ),
        (
            &[redis, ("OAUTH_REVOCATION_HORIZON_SECONDS", "3600")],
            "`OAUTH_REVOCATION_HORIZON_SECONDS` is not a variable of this program: remove it",
        ),
        (
            &[("OAUTH_REVOCATION", "redis://:s3cr3t@127.0.0.1:1")],
            "`OAUTH_REVOCATION` is not a variable of this program: remove it",
        ),
    ];
    for (variables, expected) in cases {
        let message = start_error(&[&trust, variables].concat());
        assert!(message.starts_with(&format!("error: {expected}")), "{message}");
        assert!(!message.contains("s3cr3t"), "{message}");
    }
    // A development issuer has no other instances.
    let message = start_error(&[redis]);
    assert!(message.contains("`OAUTH_ISSUER` is not set"), "{message}");
}
