//! Tests the errors of the configuration, which the program prints together.

use super::app::PROGRAM;
use super::program;

/// Runs the program with variables that prevent its start, and returns its error message.
fn start_error(variables: &[(&str, &str)]) -> String {
    let output = program::command(PROGRAM, variables).env("RUST_LOG", "off").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn all_problems_are_printed_together() {
    let error = start_error(&[
        ("NOTES_APP_ADDR", "here"),
        ("NOTES_APP_PUBLIC_URL", "http://notes.example.com/"),
        ("NOTES_APP_SESSIONS", "disk"),
        ("NOTES_APP_TOKEN_SECONDS", "5"),
        ("NOTES_APP_TOKENS", "5"),
        ("OAUTH_ISSUER", ""),
        ("OAUTH_CLIENT_SECRET", ""),
    ]);
    let lines: Vec<&str> = error.lines().collect();
    let expected = [
        "error: the configuration is wrong:",
        "  `NOTES_APP_TOKENS` is not a variable of this program",
        "  `NOTES_APP_ADDR` is `here`, not an address such as `127.0.0.1:3000`",
        "  `NOTES_APP_SESSIONS` is neither `memory` nor `sealed`",
        "  `NOTES_APP_TOKEN_SECONDS` is for the embedded provider only: remove it, and set the \
         lifetime at the provider",
        "  `OAUTH_CLIENT_ID` is not set: it is the identifier of this program at the provider",
        "  `OAUTH_CLIENT_SECRET` is empty",
        "  the environment variable `OAUTH_ISSUER` is empty",
        "  the environment variable `OAUTH_AUDIENCE` is not set",
        "  the `NOTES_APP_PUBLIC_URL` `http://notes.example.com/` is not https: http is for \
         loopback only",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn each_mistake_of_the_sessions_is_named() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let without_effect =
        "`NOTES_APP_SEALING_KEY` has no effect without `NOTES_APP_SESSIONS=sealed`";
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[("NOTES_APP_SESSIONS", "sealed")], "`NOTES_APP_SEALING_KEY` is not set: "),
        (&[("NOTES_APP_SEALING_KEY", key)], without_effect),
        (&[("NOTES_APP_SESSIONS", "memory"), ("NOTES_APP_SEALING_KEY", key)], without_effect),
        (&[("NOTES_APP_SESSIONS", "")], "`NOTES_APP_SESSIONS` is empty"),
        (&[("NOTES_APP_TOKEN_SECONDS", "0")], "`NOTES_APP_TOKEN_SECONDS` is not a number of "),
        (&[("NOTES_APP_TOKEN_SECONDS", "90000")], "`NOTES_APP_TOKEN_SECONDS` is not a number of "),
    ];
    for (variables, expected) in cases {
        let error = start_error(variables);
        let problems: Vec<&str> = error.lines().skip(1).collect();
        let [problem] = problems.as_slice() else { panic!("{error}") };
        assert!(problem.trim_start().starts_with(expected), "{problem}");
    }
    let short = [("NOTES_APP_SESSIONS", "sealed"), ("NOTES_APP_SEALING_KEY", "c2VjcmV0")];
    let error = start_error(&short);
    assert!(error.contains("key") && !error.contains("c2VjcmV0"), "{error}");
}

#[test]
fn a_provider_is_configured_for_a_known_port() {
    let error = start_error(&[
        ("NOTES_APP_ADDR", "127.0.0.1:0"),
        ("OAUTH_ISSUER", "http://127.0.0.1:9"),
        ("OAUTH_AUDIENCE", "notes"),
        ("OAUTH_CLIENT_ID", "notes"),
    ]);
    assert!(error.contains("`NOTES_APP_ADDR` has the port 0: set a port"), "{error}");
}

#[test]
fn an_occupied_port_is_named() {
    let occupied = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let error = start_error(&[("NOTES_APP_ADDR", &address)]);
    assert!(error.starts_with(&format!("error: cannot listen on {address}: ")), "{error}");
}
