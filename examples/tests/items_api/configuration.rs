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
    for variable in ["OAUTH_ISSUER", "OAUTH_CA_FILE"] {
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
