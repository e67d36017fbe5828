//! Tests the program as a process.

#![cfg(unix)]
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "a test may fail")]

mod api_keys;
mod check_config;
mod configuration;
mod instance;
mod log;
#[path = "../program/printed_requests.rs"]
mod printed_requests;
#[path = "../program/mod.rs"]
mod program;
mod redis;
mod resource;
mod revocations;
mod several_instances;
mod whoami;

use std::io::Read;
use std::net::TcpListener;
use std::process::{Child, Command, Output};

use self::program::Running;

const PROGRAM: &str = env!("CARGO_BIN_EXE_items-api");

fn start() -> Running {
    Running::start_with(PROGRAM, "ITEMS_API_ADDR", &[])
}

/// Runs the program with variables that prevent its start, and returns its error message.
fn start_error(variables: &[(&str, &str)]) -> String {
    let mut program = program::command(PROGRAM, variables);
    // The development issuer may log its keys before the program ends.
    let Output { status, stderr, .. } = program.env("RUST_LOG", "off").output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

fn signal(program: &Child, name: &str) {
    let id = program.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.unwrap().success());
}

#[tokio::test]
async fn the_printed_requests_get_the_printed_answers() {
    let answers = printed_requests::answers(&mut start()).await;
    assert_eq!(answers, [201, 200, 401, 401, 403, 204, 200]);
}

#[test]
fn a_signal_stops_it_cleanly() {
    for name in ["-INT", "-TERM"] {
        let mut running = start();
        running.line();
        signal(&running.child, name);
        let rest: Vec<String> = running.lines.by_ref().map(Result::unwrap).collect();
        assert_eq!(rest.last().map(String::as_str), Some("stopped"), "{name}");
        assert!(running.child.wait().unwrap().success(), "{name}");
        let mut errors = String::new();
        running.child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        // The log must contain informational events only.
        assert!(errors.lines().all(|line| line.contains(" INFO")), "{name}: {errors}");
    }
}

#[test]
fn the_error_says_why_it_does_not_start() {
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = occupied.local_addr().unwrap().to_string();
    let message = start_error(&[("ITEMS_API_ADDR", &address)]);
    assert!(message.starts_with(&format!("error: cannot listen on {address}: ")), "{message}");

    assert_eq!(
        start_error(&[("ITEMS_API_ADDR", "here")]),
        "error: `ITEMS_API_ADDR` is `here`, not an address such as `127.0.0.1:3000`\n"
    );
    assert_eq!(
        start_error(&[("OAUTH_AUDIENCE", "https://api.example.com")]),
        "error: the resource server cannot be built: \
         the environment variable `OAUTH_ISSUER` is not set\n"
    );
    assert_eq!(
        start_error(&[
            ("OAUTH_ISSUER", "https://id.example.com"),
            ("OAUTH_AUDIENCE", "a"),
            ("OAUTH_JWKS_URI", "keys")
        ]),
        "error: the resource server cannot be built: the `OAUTH_JWKS_URI` \"keys\" is not an https \
         URL\n"
    );
}
