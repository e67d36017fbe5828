//! The program as a user runs it.

#![cfg(unix)]
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may fail"
)]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::process::{Child, Command, Output, Stdio};

use reqwest::{Client, Method};

/// The program with nothing of this process's environment that it would read.
fn program(variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_items-api"));
    for name in [
        "OAUTH_ISSUER",
        "OAUTH_AUDIENCE",
        "OAUTH_JWKS_URI",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.envs(variables.iter().copied());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// What it says when it does not start.
fn refused(variables: &[(&str, &str)]) -> String {
    let Output { status, stderr, .. } = program(variables).output().unwrap();
    assert_eq!(status.code(), Some(1));
    String::from_utf8(stderr).unwrap()
}

/// A running program; killed when a test gives up on it.
struct Running {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Running {
    fn start() -> Self {
        // Nobody listens there: on its own machine the program needs no proxy, and trusts none.
        let variables = [
            ("ITEMS_API_ADDR", "127.0.0.1:0"),
            ("HTTP_PROXY", "http://127.0.0.1:9"),
            ("http_proxy", "http://127.0.0.1:9"),
        ];
        let mut child = program(&variables).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    fn line(&mut self) -> String {
        self.lines.next().unwrap().unwrap()
    }

    fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args([name, &id])
                .status()
                .unwrap()
                .success()
        );
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The arguments of a printed `curl` line, without its quotes.
fn arguments(line: &str) -> Vec<String> {
    let mut arguments = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '\'' => quoted = !quoted,
            ' ' if !quoted => arguments.push(String::new()),
            letter => arguments.last_mut().unwrap().push(letter),
        }
    }
    arguments
}

/// Sends what `curl -i URL [-H HEADER]... [-d BODY]` sends.
async fn status_of(line: &str) -> u16 {
    let arguments = arguments(line);
    let [curl, flag, url, options @ ..] = arguments.as_slice() else {
        panic!("{line}")
    };
    assert_eq!([curl, flag], ["curl", "-i"]);
    let posts = options.iter().any(|option| option == "-d");
    let method = if posts { Method::POST } else { Method::GET };
    let mut request = Client::new().request(method, url);
    for pair in options.chunks(2) {
        request = match (pair[0].as_str(), pair[1].split_once(": ")) {
            ("-H", Some((name, value))) => request.header(name, value),
            ("-d", _) => request.body(pair[1].clone()),
            _ => panic!("{pair:?}"),
        };
    }
    request.send().await.unwrap().status().as_u16()
}

#[tokio::test]
async fn the_printed_requests_give_what_they_say() {
    let mut running = Running::start();
    assert!(running.line().starts_with("listening on http://127.0.0.1:"));
    let mut answers = Vec::new();
    while answers.len() < 6 {
        let line = running.line();
        if let Some((expected, _)) = line
            .strip_prefix("# ")
            .and_then(|text| text.split_once(':'))
        {
            let request = running.line();
            assert_eq!(status_of(&request).await.to_string(), expected, "{line}");
            answers.push(expected.to_owned());
        }
    }
    assert_eq!(answers, ["201", "200", "401", "401", "403", "200"]);
}

#[test]
fn a_signal_stops_it_cleanly() {
    for signal in ["-INT", "-TERM"] {
        let mut running = Running::start();
        running.line();
        running.signal(signal);
        let rest: Vec<String> = running.lines.by_ref().map(Result::unwrap).collect();
        assert_eq!(rest.last().map(String::as_str), Some("stopped"), "{signal}");
        assert!(running.child.wait().unwrap().success(), "{signal}");
        let mut errors = String::new();
        running
            .child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut errors)
            .unwrap();
        assert_eq!(errors, "", "{signal}");
    }
}

#[test]
fn what_keeps_it_from_starting_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let message = refused(&[("ITEMS_API_ADDR", &address)]);
    assert!(
        message.starts_with(&format!("error: cannot listen on {address}: ")),
        "{message}"
    );

    assert_eq!(
        refused(&[("ITEMS_API_ADDR", "here")]),
        "error: `ITEMS_API_ADDR` is `here`, not an address as `127.0.0.1:3000`\n"
    );
    assert_eq!(
        refused(&[("OAUTH_AUDIENCE", "https://api.example.com")]),
        "error: the resource server cannot be built: \
         the environment variable `OAUTH_ISSUER` is not set\n"
    );
    assert_eq!(
        refused(&[
            ("OAUTH_ISSUER", "http://id.example.com"),
            ("OAUTH_AUDIENCE", "a")
        ]),
        "error: the resource server cannot be built: the issuer `http://id.example.com` is not \
         https: http is for loopback only\n"
    );
}
